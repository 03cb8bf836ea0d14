// The page of a customer who calls opens by itself, where the user wants that: when it rings or when
// it is answered; once a call, in the window that is looked at, and never over what is being typed.

import { mayReplace, visit } from "../navigation";
import type { DeskCall } from "./model";

const opened = new Set<string>();

export function openCustomer(calls: readonly DeskCall[]): void {
  const when = document.body.dataset.popOpens ?? "never";
  if (when === "never" || document.hidden) return;
  for (const call of calls) {
    if (call.outgoing || call.customer_id === "" || opened.has(call.key)) continue;
    if (call.state !== "up" && !(when === "ring" && call.state === "ringing")) continue;
    opened.add(call.key);
    const path = `/customers/${call.customer_id}`;
    if (location.pathname !== path && mayReplace()) visit(path);
  }
}

/** A choice holds at once, in this page too. */
export function followChoice(): void {
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { elt, xhr } = (event as CustomEvent<{ elt: Element; xhr: XMLHttpRequest }>).detail;
    if (xhr.status >= 400 || !(elt instanceof HTMLFormElement) || !elt.matches("[data-pop-form]")) return;
    const values = new FormData(elt);
    document.body.dataset.popCorner = String(values.get("corner"));
    document.body.dataset.popOpens = String(values.get("opens"));
    document.body.dataset.popNotify = values.get("notify") ? "yes" : "no";
  });
}
