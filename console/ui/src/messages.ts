// Recipients go to this device's own message or mail program, with what was typed; or to the clipboard.

const IOS = /iPhone|iPad|Macintosh/;

export function startMessages(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const link = target.closest<HTMLAnchorElement>("a[data-send]");
    if (link) {
      link.href = address(link.dataset.send ?? "", link.dataset.to ?? "", typed());
      link.dataset.done = "";
    }
    const button = target.closest<HTMLElement>("[data-copy]");
    if (button) void copy(button);
  });
}

function typed(): string {
  return document.querySelector<HTMLTextAreaElement>("#message-text")?.value.trim() ?? "";
}

function address(by: string, to: string, text: string): string {
  const body = encodeURIComponent(text);
  if (by === "email") return `mailto:?bcc=${encodeURIComponent(to)}${body ? `&body=${body}` : ""}`;
  if (IOS.test(navigator.userAgent)) return `sms:/open?addresses=${to}${body ? `&body=${body}` : ""}`;
  return `sms:${to}${body ? `?body=${body}` : ""}`;
}

async function copy(button: HTMLElement): Promise<void> {
  const field = document.querySelector<HTMLTextAreaElement>(button.dataset.copy ?? "");
  if (!field) return;
  try {
    await navigator.clipboard.writeText(field.value.trim());
  } catch {
    // a page without https may not: it stands there, marked, to be copied by the keyboard
    const whole = field.closest("details");
    if (whole) whole.open = true;
    field.select();
    return;
  }
  const detail = { kind: "toast", level: "info", text: button.dataset.copied };
  document.dispatchEvent(new CustomEvent("pbxd:toast", { detail }));
}
