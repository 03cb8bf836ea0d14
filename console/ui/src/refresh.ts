// Lists that draw themselves anew (hx-trigger) wait while somebody works in them.

export function startRefresh(): void {
  document.addEventListener("htmx:beforeRequest", (event) => {
    const list = event.target;
    if (!(list instanceof HTMLElement)) return;
    const busy = list.dataset.waitWhile;
    if (busy && list.querySelector(busy)) event.preventDefault();
  });
  for (const kind of ["play", "pause", "ended"]) {
    document.addEventListener(kind, (event) => {
      if (event.target instanceof HTMLMediaElement) event.target.toggleAttribute("data-plays", kind === "play");
    }, true);
  }
}
