// Microphones and outputs: which there are, which were chosen (kept on this machine).

import type { Device, Devices, Place } from "./types";

const KEPT = "pbxd.devices";

interface Sinkable extends HTMLAudioElement {
  setSinkId(id: string): Promise<void>;
}

function sinkable(element: HTMLAudioElement): element is Sinkable {
  return "setSinkId" in element;
}

export class DeviceBook {
  private chosen: Record<Place, string> = { microphone: "", headset: "", speaker: "", ring: "" };
  private onSpeaker = false;
  private microphones: Device[] = [];
  private outputs: Device[] = [];

  constructor(private readonly changed: () => void) {
    this.recall();
  }

  start(): void {
    navigator.mediaDevices?.addEventListener("devicechange", this.list);
    void this.list();
  }

  stop(): void {
    navigator.mediaDevices?.removeEventListener("devicechange", this.list);
  }

  readonly list = async (): Promise<void> => {
    const found = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
    this.microphones = named(found, "audioinput");
    this.outputs = named(found, "audiooutput");
    this.changed();
  };

  choose(place: Place, device: string): void {
    this.chosen[place] = device;
    this.keep();
  }

  listenOnSpeaker(on: boolean): void {
    this.onSpeaker = on;
    this.keep();
  }

  state(): Devices {
    return {
      microphones: this.microphones,
      outputs: this.outputs,
      canChooseOutput: "setSinkId" in HTMLMediaElement.prototype,
      chosen: { ...this.chosen },
      onSpeaker: this.onSpeaker,
    };
  }

  /** The chosen device if it is plugged in now, else the system's own ("default"). */
  present(place: Place): string {
    const wanted = this.chosen[place];
    const shelf = place === "microphone" ? this.microphones : this.outputs;
    return shelf.some((device) => device.id === wanted) ? wanted : "";
  }

  get voiceOutput(): string {
    return this.present(this.onSpeaker ? "speaker" : "headset");
  }

  private keep(): void {
    try {
      localStorage.setItem(KEPT, JSON.stringify({ chosen: this.chosen, onSpeaker: this.onSpeaker }));
    } catch {
      // storage switched off: the choice lasts as long as the page
    }
    this.changed();
  }

  private recall(): void {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
      if (typeof kept !== "object" || kept === null) return;
      if ("onSpeaker" in kept) this.onSpeaker = kept.onSpeaker === true;
      if ("chosen" in kept && typeof kept.chosen === "object" && kept.chosen !== null) {
        for (const [place, device] of Object.entries(kept.chosen)) {
          if (place in this.chosen && typeof device === "string") this.chosen[place as Place] = device;
        }
      }
    } catch {
      // unreadable: begin with the defaults
    }
  }
}

// Without permission the browser lists devices with empty ids and labels: no choice to offer yet.
function named(found: MediaDeviceInfo[], kind: MediaDeviceKind): Device[] {
  return found
    .filter((device) => device.kind === kind && device.deviceId !== "" && device.label !== "")
    .map((device) => ({ id: device.deviceId, label: device.label }));
}

/** Play `element` on `device` ("" is the system's default); false when that is not possible. */
export async function playOn(element: HTMLAudioElement, device: string): Promise<boolean> {
  if (!sinkable(element)) return device === "";
  try {
    await element.setSinkId(device);
    return true;
  } catch {
    return false;
  }
}
