// F1: the keys of this screen. F2 and other function keys go to the element that names them.

export function startHelp(): void {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "F1") {
      event.preventDefault();
      show();
      return;
    }
    if (!/^F\d+$/.test(event.key)) return;
    const wanted = document.querySelector<HTMLElement>(`[data-shortcut="${event.key}"]`);
    if (!wanted) return;
    event.preventDefault();
    wanted.focus();
    if (wanted instanceof HTMLInputElement) wanted.select();
    else wanted.click();
  });
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-help]")) show();
  });
}

function show(): void {
  const dialog = document.querySelector<HTMLDialogElement>("#help");
  const list = dialog?.querySelector("[data-help-list]");
  if (!dialog || !list) return;
  list.replaceChildren();
  for (const element of document.querySelectorAll<HTMLElement>("[data-shortcut], [data-alt]")) {
    if (element.closest("[hidden]")) continue;
    const key = element.dataset.shortcut ?? `Alt+${(element.dataset.alt ?? "").replace("Key", "")}`;
    const label = element.getAttribute("aria-label") ?? element.title.replace(/\s*\(.*\)$/, "") ?? "";
    const text = label || element.getAttribute("placeholder") || element.textContent?.trim() || "";
    const term = document.createElement("dt");
    term.append(Object.assign(document.createElement("kbd"), { textContent: key }));
    list.append(term, Object.assign(document.createElement("dd"), { textContent: text }));
  }
  dialog.showModal();
}
