// On a phone the call bar lies over the end of the page, higher or lower as calls need it: the page
// leaves it exactly that room, so that its last button can be reached.

export function startRoom(): void {
  const bar = document.querySelector<HTMLElement>("[data-callbar]");
  if (!bar) return;
  new ResizeObserver(() => {
    document.documentElement.style.setProperty("--callbar", `${bar.offsetHeight}px`);
  }).observe(bar);
}
