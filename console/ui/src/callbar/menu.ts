// The phone menu: which phone, which microphone, headset, speaker and ringing device.

import type { Device, PhoneState, Place } from "../softphone/types";
import type { View } from "./view";

const PLACES: readonly Place[] = ["microphone", "headset", "speaker", "ring"];

export class PhoneMenu {
  private readonly menu: HTMLElement;
  private readonly opener: HTMLButtonElement;

  constructor(
    private readonly view: View,
    choose: (place: Place, device: string) => void,
    kind: (kind: "browser" | "desk") => void,
  ) {
    this.menu = view.part("phone-menu");
    this.opener = view.part<HTMLButtonElement>("phone-menu-opener");
    this.opener.addEventListener("click", () => this.open(this.menu.hidden !== false));
    this.menu.addEventListener("change", (event) => {
      const field = event.target;
      if (field instanceof HTMLSelectElement) choose(field.name as Place, field.value);
      else if (field instanceof HTMLInputElement && field.name === "kind") kind(field.value as "browser" | "desk");
    });
    document.addEventListener("pointerdown", (event) => {
      if (!this.menu.hidden && !view.root.contains(event.target as Node)) this.open(false);
    });
    view.root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.menu.hidden) return;
      this.open(false);
      this.opener.focus();
    });
    const notify = view.part<HTMLButtonElement>("notify");
    notify.addEventListener("click", () => void Notification.requestPermission().then(() => this.askable()));
    this.askable();
  }

  draw(phone: PhoneState, kind: "browser" | "desk", changeable: boolean): void {
    for (const radio of this.menu.querySelectorAll<HTMLInputElement>('input[name="kind"]')) {
      radio.checked = radio.value === kind;
      radio.disabled = !changeable;
    }
    const { devices } = phone;
    for (const place of PLACES) {
      const field = this.menu.querySelector<HTMLSelectElement>(`select[name="${place}"]`);
      if (!field) continue;
      const list = place === "microphone" ? devices.microphones : devices.outputs;
      const usable = list.length > 0 && (place === "microphone" || devices.canChooseOutput);
      const label = field.closest<HTMLElement>("label");
      if (label) label.hidden = kind !== "browser" || !usable;
      this.fill(field, list, devices.chosen[place]);
    }
  }

  private fill(field: HTMLSelectElement, devices: Device[], chosen: string): void {
    const wanted = ["", ...devices.map((device) => device.id)].join("\n");
    if (field.dataset.filled !== wanted) {
      field.dataset.filled = wanted;
      field.replaceChildren(
        new Option(this.view.words.systemDevice, ""),
        ...devices.filter((device) => device.id !== "default").map((device) => new Option(device.label, device.id)),
      );
    }
    field.value = chosen;
    if (field.selectedIndex < 0) field.value = ""; // an unplugged one: the system's
  }

  private open(open: boolean): void {
    this.menu.hidden = !open;
    this.opener.setAttribute("aria-expanded", String(open));
  }

  private askable(): void {
    const askable = "Notification" in window && window.isSecureContext && Notification.permission === "default";
    this.view.part("notify").hidden = !askable;
  }
}
