// Short notices that go by themselves; errors stay until they are closed.

const SHOWN_MS = 6000;

export function startToasts(): void {
  document.addEventListener("pbxd:toast", (event) => {
    const { text, level } = (event as CustomEvent<{ text: string; level?: string }>).detail;
    toast(text, level ?? "info");
  });
  for (const lost of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(lost, () => toast(document.body.dataset.unreachable ?? "", "error"));
  }
  document.addEventListener("htmx:responseError", (event) => {
    // a proxy's error page: our own refusals bring their words along
    const { xhr } = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail;
    if (!xhr.getResponseHeader("HX-Trigger")) toast(document.body.dataset.unreachable ?? "", "error");
  });
}

export function toast(text: string, level = "info"): void {
  const list = document.querySelector("#toasts");
  if (!list) return;
  const item = document.createElement("p");
  item.className = `toast toast-${level}`;
  item.textContent = text;
  if (level === "error") item.setAttribute("role", "alert");
  const close = document.createElement("button");
  close.type = "button";
  close.className = "toast-close";
  close.textContent = "×";
  close.setAttribute("aria-label", document.body.dataset.close ?? "");
  close.addEventListener("click", () => item.remove());
  item.append(close);
  list.append(item);
  if (level !== "error") setTimeout(() => item.remove(), SHOWN_MS);
}
