// Running times: <time data-since="ms since 1970"> counts up, once a second.

export function startTimers(): void {
  const tick = () => {
    const now = Date.now();
    document.querySelectorAll<HTMLElement>("time[data-since]").forEach((element) => {
      const text = lasting(now - Number(element.dataset.since));
      if (element.textContent !== text) element.textContent = text;
    });
  };
  setInterval(tick, 1000);
  document.addEventListener("pbxd:placed", tick);
  document.addEventListener("htmx:afterSettle", tick);
  tick();
}

function lasting(ms: number): string {
  const whole = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const seconds = String(whole % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${seconds}` : `${minutes}:${seconds}`;
}
