// Shortcuts of the call bar: Alt with a letter's place on the keyboard, so that they work with
// the Korean or Zhuyin layout on, and never while a syllable is being composed.

export function bindKeys(root: HTMLElement): void {
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.isComposing || event.repeat) return;
    const target = root.querySelector<HTMLElement>(`[data-alt="${event.code}"]`);
    if (!target || target.hidden || target.closest("[hidden]")) return;
    event.preventDefault();
    if (target instanceof HTMLInputElement) {
      target.focus();
      target.select();
    } else if (!(target as HTMLButtonElement).disabled) {
      target.click();
    }
  });
}
