// The memo of a call (S2-30), written while one talks or just after; kept by itself as one types.

import { post } from "./commands";
import type { View } from "./view";

const IDLE_MS = 700;

export class MemoPanel {
  private readonly panel: HTMLElement;
  private readonly text: HTMLTextAreaElement;
  private readonly status: HTMLElement;
  private call = "";
  private version = 0;
  private kept = "";
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sending: Promise<void> = Promise.resolve();

  constructor(
    private readonly view: View,
    private readonly changed: () => void,
  ) {
    this.panel = view.part("memo");
    this.text = view.part<HTMLTextAreaElement & HTMLElement>("memo-text");
    this.status = view.part("memo-status");
    this.text.addEventListener("input", () => {
      this.status.textContent = "";
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.save(), IDLE_MS);
    });
    this.text.addEventListener("blur", () => void this.save());
    this.panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
    view.part("memo-close").addEventListener("click", () => this.close());
    window.addEventListener("beforeunload", (event) => {
      if (this.unsaved) event.preventDefault();
    });
  }

  get isOpen(): boolean {
    return !this.panel.hidden;
  }

  /** For that call; the memo of a call that is over stays open until it is closed. */
  async open(call: string, who: string): Promise<void> {
    if (this.isOpen && this.call === call) return this.close();
    await this.save();
    if (this.unsaved) return;
    this.call = call;
    this.view.part("memo-who").textContent = who;
    this.text.value = this.kept = "";
    this.version = 0;
    this.status.textContent = "";
    this.panel.hidden = false;
    this.changed();
    const response = await fetch(`/calls/${call}/memo`, { headers: { Accept: "application/json" } }).catch(() => undefined);
    if (response?.ok && this.call === call) {
      const found = (await response.json()) as { text: string; version: number };
      this.version = found.version;
      if (this.text.value === "") this.text.value = found.text;
      this.kept = found.text;
    }
    this.text.focus();
  }

  private close(): void {
    void this.save().then(() => {
      if (this.unsaved) return;
      this.panel.hidden = true;
      this.call = "";
      this.changed();
    });
  }

  private get unsaved(): boolean {
    return this.call !== "" && this.text.value.trim() !== this.kept.trim();
  }

  private save(): Promise<void> {
    clearTimeout(this.timer);
    this.sending = this.sending.then(() => this.send());
    return this.sending;
  }

  private async send(): Promise<void> {
    if (!this.unsaved) return;
    const text = this.text.value;
    const words = this.view.words.memo;
    try {
      const response = await post(`/calls/${this.call}/memo`, { text, version: this.version });
      const answer = (await response.json()) as { version?: number; problem?: string };
      if (answer.version !== undefined) this.version = answer.version;
      if (response.ok) this.kept = text;
      this.status.textContent = response.ok ? words.saved : (answer.problem ?? words.failed);
    } catch {
      this.status.textContent = words.failed;
    }
  }
}
