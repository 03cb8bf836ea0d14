// What was typed into a form is kept in this tab until it is saved, and offered again to the person
// who typed it. It goes with the tab: customers' data do not stay on a shared computer. The server
// keeps it for him too: when the whole browser was killed, it is offered at the next log-in.

import { post } from "./callbar/commands";
import { saved } from "./navigation";

const PREFIX = "pbxd-draft:";
const SEND_MS = 2000; // so much of what was typed can be lost with the browser

type Fields = [string, string][];

const elsewhere = new Map<string, Fields>(); // what the server has of who typed in a browser that is gone
const asked = new WeakSet<HTMLFormElement>();
const waiting = new Map<string, ReturnType<typeof setTimeout>>();
let sent: Promise<unknown> = Promise.resolve(); // one after the other: what is forgotten stays so

export function startDrafts(): void {
  document.addEventListener("input", (event) => {
    const form = (event.target as Element).closest<HTMLFormElement>("form[data-draft]");
    if (form) keep(form);
  });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const form = saved(event);
    if (form?.dataset.draft) forget(form);
  });
  document.addEventListener("htmx:afterSettle", offerAll);
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-draft-do]");
    const form = button?.closest<HTMLFormElement>("form[data-draft]");
    if (!button || !form) return;
    if (button.dataset.draftDo === "restore") restore(form);
    else forget(form);
    button.closest<HTMLElement>("[data-draft-offer]")?.setAttribute("hidden", "");
  });
  offerAll();
}

function key(form: HTMLFormElement): string {
  return `${PREFIX}${document.body.dataset.user ?? ""}:${form.dataset.draft ?? ""}`;
}

/** Something typed into it is kept. */
export function drafted(form: HTMLFormElement): boolean {
  return sessionStorage.getItem(key(form)) !== null;
}

function keep(form: HTMLFormElement): void {
  const values: Fields = [];
  new FormData(form).forEach((value, name) => {
    if (typeof value === "string" && name !== "version" && !form.querySelector(`[name="${CSS.escape(name)}"][type="password"], [name="${CSS.escape(name)}"][data-no-draft]`)) values.push([name, value]);
  });
  sessionStorage.setItem(key(form), JSON.stringify(values));
  const name = form.dataset.draft ?? "";
  const place = key(form);
  if (waiting.has(name) || document.body.dataset.user === undefined) return;
  waiting.set(name, setTimeout(() => {
    waiting.delete(name);
    const now = sessionStorage.getItem(place);
    if (now !== null) send(name, JSON.parse(now) as Fields);
  }, SEND_MS));
}

function forget(form: HTMLFormElement): void {
  const name = form.dataset.draft ?? "";
  const known = drafted(form) || elsewhere.has(name);
  sessionStorage.removeItem(key(form));
  elsewhere.delete(name);
  clearTimeout(waiting.get(name));
  waiting.delete(name);
  if (known) send(name, []);
}

function send(form: string, fields: Fields): void {
  sent = sent.then(() => post("/drafts", { form, fields })).catch(() => undefined);
}

function offerAll(): void {
  const forms = [...document.querySelectorAll<HTMLFormElement>("form[data-draft]")];
  forms.forEach(offer);
  const unknown = forms.filter((form) => !asked.has(form) && !drafted(form) && form.querySelector("[data-draft-offer]"));
  if (unknown.length > 0 && document.body.dataset.user !== undefined) void ask(unknown);
}

function offer(form: HTMLFormElement): void {
  const said = form.querySelector<HTMLElement>("[data-draft-offer]");
  if (!said) return;
  said.hidden = !(drafted(form) || elsewhere.has(form.dataset.draft ?? "")) || form.hasAttribute("data-dirty");
  for (let inside = form.closest("details"); inside && !said.hidden; inside = inside.parentElement?.closest("details") ?? null) {
    inside.open = true;
  }
}

async function ask(forms: HTMLFormElement[]): Promise<void> {
  forms.forEach((form) => asked.add(form));
  const names = forms.map((form) => form.dataset.draft ?? "");
  await sent; // what was just saved is no draft any more
  const query = new URLSearchParams(names.map((name) => ["form", name]));
  const response = await fetch(`/drafts?${query}`, { headers: { Accept: "application/json" } }).catch(() => undefined);
  if (!response?.ok) return;
  const found = (await response.json()) as Record<string, Fields>;
  for (const name of names) {
    const fields = found[name];
    if (fields) elsewhere.set(name, fields);
    else elsewhere.delete(name);
  }
  forms.forEach(offer);
}

function restore(form: HTMLFormElement): void {
  const own = sessionStorage.getItem(key(form));
  const values = own === null ? (elsewhere.get(form.dataset.draft ?? "") ?? []) : (JSON.parse(own) as Fields);
  const chosen = new Set(values.map(([name, value]) => `${name}\n${value}`));
  form.querySelectorAll<HTMLInputElement>("input[type=checkbox], input[type=radio]").forEach((box) => {
    box.checked = chosen.has(`${box.name}\n${box.value}`);
  });
  const counts = new Map<string, number>();
  for (const [name, value] of values) {
    const place = counts.get(name) ?? 0;
    counts.set(name, place + 1);
    const wanted = `[name="${CSS.escape(name)}"]:not([type=checkbox], [type=radio])`;
    if (!form.querySelectorAll(wanted)[place]) adder(form, name)?.click();
    const found = form.querySelectorAll<HTMLInputElement>(wanted)[place];
    if (found) {
      found.value = value;
      found.closest("details")?.setAttribute("open", "");
    }
  }
  form.dataset.dirty = "";
  keep(form);
}

// The button that adds a row with such a field.
function adder(form: HTMLFormElement, name: string): HTMLElement | undefined {
  return [...form.querySelectorAll<HTMLElement>("[data-row-add]")].find((button) => {
    const template = button.closest("fieldset, [data-section]")?.querySelector<HTMLTemplateElement>("template");
    return template?.content.querySelector(`[name="${CSS.escape(name)}"]`);
  });
}
