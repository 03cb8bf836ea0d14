// Tabs of a page (WAI-ARIA tabs): a pane is fetched when it is looked at and stays in the page then, so
// that text typed in it outlives a look into another one. The open tab stands in the address.

import htmx from "htmx.org";

export function startTabs(): void {
  document.addEventListener("click", (event) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const target = event.target as Element;
    const tab = target.closest<HTMLElement>('[role="tab"][data-tab]');
    const opener = target.closest<HTMLElement>("[data-tab-opens]");
    const link = target.closest<HTMLAnchorElement>("a[data-pane-link]");
    if (tab) void open(tab);
    else if (opener) void openFor(opener);
    else if (target.closest("[data-pane-again]")) void open(chosen());
    else if (link) turn(event, link, new URL(link.href).searchParams);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.hasAttribute("data-pane-form")) return;
    const values = [...new FormData(form)].filter((pair): pair is [string, string] => typeof pair[1] === "string" && pair[1] !== "");
    turn(event, form, new URLSearchParams(values));
  });
  document.addEventListener("keydown", (event) => {
    const tab = (event.target as Element).closest<HTMLElement>('[role="tab"]');
    if (!tab || event.ctrlKey || event.altKey || event.metaKey) return;
    const all = tabs();
    const at = all.indexOf(tab);
    const next = { ArrowRight: (at + 1) % all.length, ArrowLeft: (at - 1 + all.length) % all.length, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    all[next]?.focus();
    void open(all[next]);
  });
  document.addEventListener("input", (event) => {
    if ((event.target as Element).closest(".pane form[data-draft]")) mark();
  });
  document.addEventListener("htmx:afterRequest", changed);
  document.addEventListener("htmx:afterSettle", settled);
  settled();
}

/** Draw what was not looked at yet, for paper. */
export async function openAll(): Promise<void> {
  await Promise.all([...document.querySelectorAll<HTMLElement>("[data-pane]:not([data-drawn])")].map((pane) => draw(pane)));
}

/** Show a tab; when it is drawn, true. */
export async function open(tab: HTMLElement | undefined): Promise<boolean> {
  const pane = tab && paneOf(tab);
  if (!tab || !pane) return false;
  for (const one of tabs()) {
    const here = one === tab;
    one.setAttribute("aria-selected", String(here));
    one.tabIndex = here ? 0 : -1;
    const other = paneOf(one);
    if (other) other.hidden = !here;
  }
  settled();
  address({ tab: tab.dataset.tab ?? "" });
  document.dispatchEvent(new CustomEvent("pbxd:shown"));
  return pane.hasAttribute("data-drawn") || (await draw(pane));
}

function tabs(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[role="tab"][data-tab]')];
}

function chosen(): HTMLElement | undefined {
  return tabs().find((tab) => tab.getAttribute("aria-selected") === "true");
}

function paneOf(tab: HTMLElement): HTMLElement | null {
  return document.getElementById(tab.getAttribute("aria-controls") ?? "");
}

async function openFor(opener: HTMLElement): Promise<void> {
  if (await open(tabs().find((tab) => tab.dataset.tab === opener.dataset.tabOpens))) {
    document.querySelector<HTMLElement>(opener.dataset.focus ?? "main")?.focus();
  }
}

/** Another part of the same pane: other days, an older page. */
function turn(event: Event, within: Element, wanted: URLSearchParams): void {
  const pane = within.closest<HTMLElement>("[data-pane]");
  const tab = chosen()?.dataset.tab ?? "";
  if (!pane) return;
  event.preventDefault();
  wanted.delete("tab");
  address({ tab, ...Object.fromEntries(wanted) });
  void draw(pane, `?${wanted}`);
}

async function draw(pane: HTMLElement, query = ""): Promise<boolean> {
  const failed = document.querySelector<HTMLElement>("[data-pane-failed]");
  pane.setAttribute("aria-busy", "true");
  delete pane.dataset.drawn;
  const asked = (pane.dataset.asked = String(Number(pane.dataset.asked ?? 0) + 1));
  const right = (event: Event): void => {
    if (asked === pane.dataset.asked && (event as CustomEvent<{ successful: boolean }>).detail.successful) pane.dataset.drawn = "";
  };
  pane.addEventListener("htmx:afterRequest", right);
  await htmx.ajax("get", `${pane.dataset.pane}${query}`, { source: pane, target: pane, swap: "innerHTML" }).catch(() => undefined);
  pane.removeEventListener("htmx:afterRequest", right);
  pane.removeAttribute("aria-busy");
  if (failed) failed.hidden = pane.hidden || pane.hasAttribute("data-drawn");
  return pane.hasAttribute("data-drawn");
}

/** Something was saved on this page: numbers are asked for anew, other panes when they are looked at. */
function changed(event: Event): void {
  const { elt, requestConfig, successful } = (event as CustomEvent<{ elt: Element; requestConfig?: { verb: string }; successful: boolean }>).detail;
  const page = document.querySelector(".tabbed");
  if (!page || !successful || requestConfig?.verb !== "post" || !page.isConnected) return;
  const from = elt.closest(".pane") ?? document.querySelector(".pane:not([hidden])");
  for (const pane of page.querySelectorAll<HTMLElement>(".pane[data-drawn]")) {
    if (pane !== from && !pane.querySelector("form[data-dirty]")) delete pane.dataset.drawn;
  }
  const counts = page.querySelector<HTMLElement>("[data-counts]")?.dataset.counts;
  if (counts) void htmx.ajax("get", counts, { source: page, swap: "none" }).catch(() => undefined);
  mark();
}

/** What was just drawn: the walk to other customers keeps the tab; a chosen tab is in sight. */
function settled(): void {
  const tab = chosen();
  if (!tab) return;
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-keeps-tab]")) {
    const url = new URL(link.href);
    url.searchParams.set("tab", tab.dataset.tab ?? "");
    link.setAttribute("href", url.pathname + url.search);
  }
  const list = tab.parentElement;
  if (list) list.scrollLeft = tab.offsetLeft - (list.clientWidth - tab.clientWidth) / 2;
  mark();
}

/** Tabs in which something is typed and not saved say so. */
function mark(): void {
  for (const tab of tabs()) tab.toggleAttribute("data-unsaved-here", paneOf(tab)?.querySelector("form[data-dirty]") != null);
}

function address(values: Record<string, string>): void {
  const kept = new URLSearchParams(location.search).get("list");
  const query = new URLSearchParams({ ...(kept === null ? {} : { list: kept }), ...values });
  history.replaceState({ htmx: true }, "", `${location.pathname}?${query}`);
}
