// The chooser of a list's columns: rows go up and down, and a click elsewhere closes it.

export function startColumns(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    document.querySelectorAll<HTMLDetailsElement>("details[data-popup][open]").forEach((popup) => {
      if (!popup.contains(target)) popup.open = false;
    });
    const button = target.closest<HTMLElement>("[data-move]");
    const row = button?.closest("li");
    if (!button || !row) return;
    if (button.dataset.move === "up") row.previousElementSibling?.before(row);
    else row.nextElementSibling?.after(row);
    button.focus();
  });
  document.addEventListener("keydown", (event) => {
    const popup = event.key === "Escape" && (event.target as Element).closest?.<HTMLDetailsElement>("details[data-popup][open]");
    if (!popup) return;
    popup.open = false;
    popup.querySelector("summary")?.focus();
  });
}
