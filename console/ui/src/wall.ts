// The wallboard: full screen, and waits that turn late while one looks.

export function startWall(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-full-screen]") : null;
    const frame = button && document.querySelector(button.dataset.fullScreen ?? "");
    if (frame) void frame.requestFullscreen().catch(() => undefined);
  });
  setInterval(() => {
    for (const time of document.querySelectorAll<HTMLElement>("time[data-since][data-late]")) {
      const waited = Date.now() - Number(time.dataset.since);
      const late = waited >= Number(time.dataset.late);
      time.dataset.level = waited >= Number(time.dataset.alarm) ? "alarm" : late ? "late" : "";
    }
  }, 1000);
}
