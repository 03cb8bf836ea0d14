// Binds the call bar, the numbers that can be clicked and the screen pops to the page.

import { startAway } from "./away";
import { Bar } from "./bar";
import { bindKeys } from "./keys";
import { followChoice } from "./opens";
import type { Desk, Ringing } from "./model";

export function startCallbar(): void {
  const root = document.querySelector<HTMLElement>("[data-callbar]");
  if (!root) return;
  const bar = new Bar(root);
  document.addEventListener("pbxd:desk", (event) => bar.hear((event as CustomEvent<Desk>).detail));
  document.addEventListener("pbxd:desk-settled", (event) => {
    bar.hearSettled((event as CustomEvent<{ reason: string }>).detail.reason);
  });
  document.addEventListener("pbxd:ringing", (event) => bar.hearRinging((event as CustomEvent<Ringing>).detail));
  document.addEventListener("pbxd:placed", () => bar.markPickUps());
  document.addEventListener("htmx:afterSettle", () => bar.markPickUps());
  bindKeys(root);
  followChoice();
  startAway(root);
  bindDialler(root, bar);
  pauseWhileTyping(bar);
  root.addEventListener("click", (event) => {
    const button = (event.target as HTMLElement).closest<HTMLElement>("[data-do]");
    const row = button?.closest<HTMLElement>("[data-key]");
    if (button?.dataset.do) bar.do(button.dataset.do, row?.dataset.key);
  });
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    clickNumber(event, target, bar);
    clickPop(target, bar);
    const pickUp = target?.closest<HTMLElement>("[data-pick-up]")?.dataset.pickUp;
    if (pickUp) bar.pickUp(pickUp);
  });
}

function bindDialler(root: HTMLElement, bar: Bar): void {
  const form = root.querySelector<HTMLFormElement>('[data-part="dial"]');
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    const number = new FormData(form).get("number");
    if (typeof number === "string" && number.trim() !== "") void bar.dial(number);
  });
  form?.addEventListener("input", () => bar.typing());
}

// While a card number or the like is typed (data-pauses-recording), nothing is recorded.
function pauseWhileTyping(bar: Bar): void {
  const secret = (event: FocusEvent): boolean =>
    event.target instanceof Element && event.target.matches("[data-pauses-recording]");
  let paused = false;
  document.addEventListener("focusin", (event) => {
    if (!secret(event) || !["on", "demand"].includes(bar.recorded)) return;
    paused = true;
    bar.record(false);
  });
  document.addEventListener("focusout", (event) => {
    if (!secret(event) || !paused) return;
    paused = false;
    bar.record(true);
  });
}

function clickNumber(event: Event, target: Element | null, bar: Bar): void {
  const number = target?.closest<HTMLElement>("[data-call]");
  if (!number?.dataset.call || !bar.hasAgent) return;
  event.preventDefault();
  void bar.dial(number.dataset.call, number.dataset.customer, number.dataset.callback);
}

function clickPop(target: Element | null, bar: Bar): void {
  const button = target?.closest<HTMLElement>("[data-pop-do]");
  const call = button?.closest<HTMLElement>("[data-pop]")?.dataset.pop;
  if (!button || !call) return;
  const verb = button.dataset.popDo;
  if (verb === "answer") bar.answer(call);
  else if (verb === "hang-up") bar.hangUp(call);
  else if (verb === "close") bar.pop("close", { call });
  else if (verb === "pin") bar.pop("pin", { call, on: button.getAttribute("aria-pressed") !== "true" });
  else if (verb === "choose") bar.pop("choose", { call, customer_id: button.dataset.customer ?? "" });
}
