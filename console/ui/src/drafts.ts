// What was typed into a form is kept in this tab until it is saved, and offered again to the person
// who typed it. It goes with the tab: customers' data do not stay on a shared computer.

import { saved } from "./navigation";

const PREFIX = "pbxd-draft:";

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
  const values: [string, string][] = [];
  new FormData(form).forEach((value, name) => {
    if (typeof value === "string" && name !== "version" && !form.querySelector(`[name="${CSS.escape(name)}"][type="password"], [name="${CSS.escape(name)}"][data-no-draft]`)) values.push([name, value]);
  });
  sessionStorage.setItem(key(form), JSON.stringify(values));
}

function forget(form: HTMLFormElement): void {
  sessionStorage.removeItem(key(form));
}

function offerAll(): void {
  document.querySelectorAll<HTMLFormElement>("form[data-draft]").forEach((form) => {
    const offer = form.querySelector<HTMLElement>("[data-draft-offer]");
    if (!offer) return;
    offer.hidden = !drafted(form) || form.hasAttribute("data-dirty");
    for (let inside = form.closest("details"); inside && !offer.hidden; inside = inside.parentElement?.closest("details") ?? null) {
      inside.open = true;
    }
  });
}

function restore(form: HTMLFormElement): void {
  const values = JSON.parse(sessionStorage.getItem(key(form)) ?? "[]") as [string, string][];
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
}

// The button that adds a row with such a field.
function adder(form: HTMLFormElement, name: string): HTMLElement | undefined {
  return [...form.querySelectorAll<HTMLElement>("[data-row-add]")].find((button) => {
    const template = button.closest("fieldset, [data-section]")?.querySelector<HTMLTemplateElement>("template");
    return template?.content.querySelector(`[name="${CSS.escape(name)}"]`);
  });
}
