// Without a network: the service worker answers with a page that says so (worker/worker.ts), and that
// page looks by itself whether the server is there again.

const LOOK_EVERY = 3000;

export function startOffline(): void {
  const page = document.querySelector("[data-offline]");
  if (page) wait();
  else if (window.isSecureContext && "serviceWorker" in navigator) void register();
}

async function register(): Promise<void> {
  try {
    await navigator.serviceWorker.register("/worker.js", { scope: "/" });
    const { active } = await navigator.serviceWorker.ready;
    active?.postMessage({ language: document.documentElement.lang });
  } catch {
    // a browser that forbids it: everything works but the page without a network
  }
}

function wait(): void {
  const look = async (): Promise<void> => {
    try {
      const answer = await fetch("/offline", { cache: "no-store" });
      if (answer.ok) location.reload(); // the address is still the one that was wanted
    } catch {
      // not yet
    }
  };
  window.addEventListener("online", () => void look());
  document.querySelector("[data-offline-again]")?.addEventListener("click", () => void look());
  if (location.pathname !== "/offline") setInterval(() => void look(), LOOK_EVERY);
}
