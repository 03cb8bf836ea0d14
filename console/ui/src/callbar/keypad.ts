// The keypad in a call: keys pressed with the mouse or typed become tones.

import type { View } from "./view";
import { setText } from "./view";

const KEYS = "0123456789*#";

export class Keypad {
  private readonly box: HTMLElement;
  private pressed = "";
  private call = "";

  constructor(
    private readonly view: View,
    private readonly tone: (key: string) => void,
  ) {
    this.box = view.part("keypad");
    this.box.addEventListener("click", (event) => {
      const key = (event.target as HTMLElement).closest<HTMLElement>("[data-tone]")?.dataset.tone;
      if (key) this.press(key);
    });
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.open(false);
      else if (event.key.length === 1 && KEYS.includes(event.key) && !event.altKey && !event.ctrlKey) {
        event.preventDefault();
        this.press(event.key);
      }
    });
  }

  get isOpen(): boolean {
    return !this.box.hidden;
  }

  open(open: boolean): void {
    this.box.hidden = !open;
    if (open) this.box.querySelector<HTMLElement>("[data-tone]")?.focus();
  }

  /** Which call it types into; closes when that call is gone. */
  follow(call: string): void {
    if (call === this.call) return;
    this.call = call;
    this.pressed = "";
    this.show();
    if (call === "" && this.isOpen) this.open(false);
  }

  private press(key: string): void {
    this.pressed += key;
    this.show();
    this.tone(key);
  }

  private show(): void {
    setText(this.view.part("keypad-pressed"), this.pressed);
  }
}
