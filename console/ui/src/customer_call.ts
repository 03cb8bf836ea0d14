// The call that one has with the customer on the page, on top of it.

import { ordered, type Desk } from "./callbar/model";

let newest: Desk | undefined;

export function startCustomerCall(): void {
  document.addEventListener("pbxd:desk", (event) => {
    newest = (event as CustomEvent<Desk>).detail;
    show();
  });
  document.addEventListener("htmx:afterSettle", show);
}

function show(): void {
  const line = document.querySelector<HTMLElement>("[data-customer-call]");
  if (!line) return;
  const call = ordered(newest?.calls ?? []).find((one) => one.customer_id === line.dataset.customerCall);
  line.hidden = call === undefined;
  if (!call) return;
  const state = line.querySelector<HTMLElement>("[data-customer-call-state]");
  const since = line.querySelector<HTMLElement>("time");
  if (state) state.textContent = state.dataset[call.state] ?? "";
  if (since) since.dataset.since = String(call.since - ((newest?.now ?? 0) - Date.now()));
  line.classList.toggle("customer-call-up", call.state === "up");
}
