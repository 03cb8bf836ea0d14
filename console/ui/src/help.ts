// F1: the keys of this screen. F2 and other function keys go to the element that names them.

export function startHelp(): void {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.metaKey) return;
    if (event.ctrlKey || event.altKey) {
      turn(event);
      return;
    }
    if (event.key === "F1") {
      event.preventDefault();
      show();
      return;
    }
    if (event.key === "Escape" ? busy(event) : !/^F\d+$/.test(event.key)) return;
    const wanted = document.querySelector<HTMLElement>(`[data-shortcut="${event.key}"]`);
    if (!wanted) return;
    event.preventDefault();
    wanted.focus();
    if (wanted instanceof HTMLInputElement) wanted.select();
    else wanted.click();
  });
  showAllKeys();
  document.addEventListener("htmx:afterSettle", showAllKeys);
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-help]")) show();
  });
}

// Escape closes what is open, or leaves a field, before it leaves a page.
function busy(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || document.querySelector("dialog[open]")) return true;
  return event.target instanceof Element && event.target.closest("input, textarea, select, .callbar, #pops") !== null;
}

// Ctrl+Home … walk through a list; browsers keep Ctrl+PageUp for their tabs, so Alt is taken too.
// Alt and a digit open a tab, also out of a field: what is typed there stays.
function turn(event: KeyboardEvent): void {
  const digit = /^Digit(\d)$/.exec(event.code)?.[1];
  if (digit && event.altKey && !event.ctrlKey && !event.shiftKey) {
    const tab = document.querySelector<HTMLElement>(`[data-shortcut="Alt+${digit}"]`);
    if (!tab) return;
    event.preventDefault();
    tab.focus();
    tab.click();
    return;
  }
  if (!["Home", "End", "PageUp", "PageDown"].includes(event.key)) return;
  if (event.target instanceof Element && event.target.matches("input, textarea, select")) return;
  const wanted = document.querySelector<HTMLElement>(`[data-shortcut="Ctrl+${event.key}"], [data-shortcut="Alt+${event.key}"]`);
  if (!wanted) return;
  event.preventDefault();
  wanted.click();
}

function show(): void {
  const dialog = document.querySelector<HTMLDialogElement>("#help");
  const list = dialog?.querySelector("[data-help-list]");
  if (!dialog || !list) return;
  fill(list, (element) => !element.closest("[hidden]"));
  dialog.showModal();
}

/** All keys, for the page to print: read from the buttons themselves, so it cannot say others. */
export function showAllKeys(): void {
  const list = document.querySelector("[data-all-keys]");
  if (list && list.childElementCount === 0) fill(list, () => true);
}

function fill(list: Element, wanted: (element: HTMLElement) => boolean): void {
  list.replaceChildren();
  for (const element of document.querySelectorAll<HTMLElement>("[data-shortcut], [data-alt]")) {
    if (!wanted(element)) continue;
    const key = element.dataset.shortcut ?? `Alt+${(element.dataset.alt ?? "").replace("Key", "")}`;
    const title = element.dataset.title ?? element.title;
    const label = element.getAttribute("aria-label") ?? title.replace(/\s*\(.*\)$/, "");
    const text = label || element.getAttribute("placeholder") || element.textContent?.trim() || "";
    const term = document.createElement("dt");
    term.append(Object.assign(document.createElement("kbd"), { textContent: key }));
    list.append(term, Object.assign(document.createElement("dd"), { textContent: text }));
  }
}
