// A ringing phone is noticed in a hidden page too: desktop notification and a flashing title.

import type { DeskCall } from "./model";

const FLASH_MS = 900;

export class Alerts {
  private readonly notices = new Map<string, Notification>();
  private flashing: { timer: ReturnType<typeof setInterval>; title: string } | undefined;

  constructor(private readonly word: string) {
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.still();
    });
  }

  /** Shows the ringing calls as they are now. */
  show(ringing: readonly DeskCall[]): void {
    for (const [key, notice] of this.notices) {
      if (ringing.some((call) => call.key === key)) continue;
      notice.close();
      this.notices.delete(key);
    }
    if (ringing.length === 0 || !document.hidden) return this.still();
    for (const call of ringing) this.notify(call);
    this.flash(`☎ ${this.word}: ${ringing[0]?.name || ringing[0]?.display || ""}`);
  }

  private notify(call: DeskCall): void {
    if (document.body.dataset.popNotify === "no") return;
    if (this.notices.has(call.key) || !("Notification" in window)) return;
    if (Notification.permission !== "granted") return;
    // The tag makes several tabs of one agent show one notice.
    const notice = new Notification(call.name || call.display, {
      body: [this.word, call.display, call.line].filter(Boolean).join(" · "),
      tag: call.key,
      requireInteraction: true,
    });
    notice.onclick = () => {
      window.focus();
      notice.close();
    };
    this.notices.set(call.key, notice);
  }

  private flash(text: string): void {
    if (this.flashing) return;
    const title = document.title;
    let on = false;
    const timer = setInterval(() => {
      on = !on;
      document.title = on ? text : title;
    }, FLASH_MS);
    this.flashing = { timer, title };
  }

  private still(): void {
    if (!this.flashing) return;
    clearInterval(this.flashing.timer);
    document.title = this.flashing.title;
    this.flashing = undefined;
  }
}
