// Links swap the main pane; call bar, cards and softphone stay. A form with unsaved text is never
// thrown away: what would replace it opens in a window of its own.

import htmx from "htmx.org";
import { type Control, posts, typed } from "./forms";

const LINKS = "a[data-nav], a[data-open]";

export function startNavigation(): void {
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = (event.target as Element).closest<HTMLAnchorElement>(LINKS);
    if (!link || link.target) return;
    event.preventDefault();
    open(link.getAttribute("href") ?? "/", link.hasAttribute("data-open"));
  });
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (!event.defaultPrevented && form.hasAttribute("hx-post")) {
      // just drawn and htmx has not seen it yet: sent by the browser itself it would be refused, and its text gone
      event.preventDefault();
      const { submitter } = event;
      setTimeout(() => {
        htmx.process(form);
        form.requestSubmit(submitter);
      });
      return;
    }
    if (!form.hasAttribute("data-nav-form")) return;
    event.preventDefault();
    const values = new URLSearchParams();
    const { submitter } = event;
    new FormData(form, submitter).forEach((value, key) => {
      if (typeof value === "string" && value !== "") values.append(key, value);
    });
    const action = submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.pathname;
    open(`${action}?${values}`, false);
  });
  document.addEventListener("input", (event) => {
    const { form } = event.target as Control;
    if (!form?.closest("#main") || !posts(form)) return;
    form.toggleAttribute("data-dirty", form.hasAttribute("data-draft") || typed(form));
  });
  document.addEventListener("htmx:beforeOnLoad", (event) => saved(event)?.removeAttribute("data-dirty"));
  document.addEventListener("htmx:afterSwap", (event) => {
    // drawn again with what is wrong: what was typed is still not saved
    const { xhr } = (event as CustomEvent<{ xhr?: XMLHttpRequest }>).detail; // none: gone back to
    if (!xhr || xhr.status < 400) return;
    document.querySelectorAll<HTMLFormElement>("#main form[data-draft]").forEach((form) => (form.dataset.dirty = ""));
  });
  document.addEventListener("htmx:pushedIntoHistory", () => {
    focusMain();
    mark();
  });
  document.addEventListener("htmx:afterSettle", mark);
  window.addEventListener("popstate", () => setTimeout(mark, 0));
  window.addEventListener("beforeunload", (event) => {
    if (dirty()) event.preventDefault();
  });
  mark();
}

/** The form whose own request was accepted (not a field's, that only looks something up). */
export function saved(event: Event): HTMLFormElement | null {
  const { elt, xhr } = (event as CustomEvent<{ elt: Element; xhr: XMLHttpRequest }>).detail;
  return elt instanceof HTMLFormElement && xhr.status < 400 ? elt : null;
}

export function dirty(): boolean {
  return document.querySelector("#main form[data-dirty]") !== null;
}

function open(path: string, beside: boolean): void {
  if (dirty()) {
    if (beside) {
      window.open(path, "_blank", "noopener");
      return;
    }
    const question = document.querySelector<HTMLElement>("[data-unsaved]")?.dataset.unsaved ?? "";
    if (!window.confirm(question || "…")) return;
  }
  visit(path);
}

/** Nothing is being typed here: the page may change by itself. */
export function mayReplace(): boolean {
  const field = document.activeElement;
  const typing = field instanceof HTMLElement && field.matches("input, textarea, select, [contenteditable]");
  return !dirty() && !typing && document.querySelector("dialog[open]") === null;
}

export function visit(path: string): void {
  void htmx.ajax("get", path, { target: "#main", swap: "innerHTML show:window:top", push: path } as never).catch(() => undefined);
}

function focusMain(): void {
  if (document.activeElement?.closest("[data-carried]")) return; // somebody types in a form that stays
  const wanted = document.querySelector<HTMLElement>("#main [autofocus]") ?? document.querySelector<HTMLElement>("#main");
  wanted?.focus({ preventScroll: true });
}

/** The entry of the menu under which we are. */
function mark(): void {
  document.querySelectorAll<HTMLAnchorElement>("#nav a[data-under]").forEach((link) => {
    const under = link.dataset.under ?? "";
    const here = under === "/" ? location.pathname === "/" || location.pathname.startsWith("/desk") : location.pathname.startsWith(under);
    if (here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  });
}
