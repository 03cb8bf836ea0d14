// One box ticks all of its table.

export function startTicks(): void {
  document.addEventListener("change", (event) => {
    const all = event.target as HTMLInputElement;
    if (!all.matches("[data-tick-all]")) return;
    all.closest("table")?.querySelectorAll<HTMLInputElement>("tbody input[type=checkbox]").forEach((box) => (box.checked = all.checked));
  });
}
