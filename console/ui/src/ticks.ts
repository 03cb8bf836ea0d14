// One box ticks all of its table or of its part of a form.

export function startTicks(): void {
  document.addEventListener("change", (event) => {
    const all = event.target as HTMLInputElement;
    if (!all.matches("[data-tick-all]")) return;
    all.closest("table, fieldset")?.querySelectorAll<HTMLInputElement>("input[type=checkbox]").forEach((box) => (box.checked = all.checked));
  });
}
