// Short notices that go by themselves; errors stay until they are closed.

const SHOWN_MS = 6000;

export function startToasts(): void {
  document.addEventListener("pbxd:toast", (event) => {
    const { text, level } = (event as CustomEvent<{ text: string; level?: string }>).detail;
    toast(text, level ?? "info");
  });
}

export function toast(text: string, level = "info"): void {
  const list = document.querySelector("#toasts");
  if (!list) return;
  const item = document.createElement("p");
  item.className = `toast toast-${level}`;
  item.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "toast-close";
  close.textContent = "×";
  close.addEventListener("click", () => item.remove());
  item.append(close);
  list.append(item);
  if (level !== "error") setTimeout(() => item.remove(), SHOWN_MS);
}
