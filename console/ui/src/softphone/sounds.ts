// What the browser itself plays: the ring, a knock while talking, and the keys' tones.
// The ring has an output of its own (a loudspeaker), apart from the voice (a headset).

import { playOn } from "./devices";

const RING = { notes: [784, 988, 1175, 988], step: 0.16, pause: 2.6, gain: 0.22 };
const KNOCK = { notes: [523], step: 0.12, pause: 3.9, gain: 0.08 };
const ROWS = [697, 770, 852, 941] as const;
const COLUMNS = [1209, 1336, 1477, 1633] as const;
const KEYS = ["123A", "456B", "789C", "*0#D"] as const;

export class Sounds {
  private context: AudioContext | undefined;
  private readonly outputs = new Map<"ring" | "voice", [AudioNode, HTMLAudioElement]>();
  private ringing: { stop: () => void; soft: boolean } | undefined;
  private readonly sinks = { ring: "", voice: "" };

  constructor(private readonly blockedChanged: (blocked: boolean) => void) {}

  start(): void {
    this.context = new AudioContext();
    this.context.onstatechange = this.tell;
    document.addEventListener("pointerdown", this.wake, true);
    document.addEventListener("keydown", this.wake, true);
    this.tell();
  }

  stop(): void {
    this.quiet();
    document.removeEventListener("pointerdown", this.wake, true);
    document.removeEventListener("keydown", this.wake, true);
    if (this.context) this.context.onstatechange = null;
    void this.context?.close();
    this.context = undefined;
    this.outputs.clear();
  }

  route(ring: string, voice: string): void {
    this.sinks.ring = ring;
    this.sinks.voice = voice;
    for (const [name, [, element]] of this.outputs) void playOn(element, this.sinks[name]);
  }

  /** Somebody waits on hold for long. */
  remind(): void {
    [0, 0.25].forEach((after) => this.play("voice", [440], after, 0.18, 0.12));
  }

  /** Rings until quiet(); `soft` knocks instead, for somebody who is talking. */
  ring(soft: boolean): void {
    if (this.ringing?.soft === soft) return;
    this.quiet();
    const tune = soft ? KNOCK : RING;
    const once = (): void => {
      tune.notes.forEach((hertz, index) =>
        this.play("ring", [hertz], index * tune.step, tune.step * 1.6, tune.gain),
      );
    };
    once();
    const timer = setInterval(once, (tune.notes.length * tune.step + tune.pause) * 1000);
    this.ringing = { stop: () => clearInterval(timer), soft };
  }

  quiet(): void {
    this.ringing?.stop();
    this.ringing = undefined;
  }

  /** The two-frequency tones of the keys pressed, heard by the agent only. */
  keys(pressed: string): void {
    [...pressed].forEach((key, index) => {
      const row = KEYS.findIndex((keys) => keys.includes(key));
      if (row < 0) return;
      const column = KEYS[row]?.indexOf(key) ?? 0;
      this.play("voice", [ROWS[row] ?? 697, COLUMNS[column] ?? 1209], index * 0.16, 0.12, 0.1);
    });
  }

  private play(to: "ring" | "voice", hertz: number[], after: number, seconds: number, gain: number): void {
    const context = this.context;
    if (context?.state !== "running") return;
    const begin = context.currentTime + after;
    const envelope = context.createGain();
    envelope.gain.setValueAtTime(0, begin);
    envelope.gain.linearRampToValueAtTime(gain, begin + 0.015);
    envelope.gain.setValueAtTime(gain, begin + seconds * 0.5);
    envelope.gain.exponentialRampToValueAtTime(0.0005, begin + seconds);
    envelope.connect(this.output(to, context));
    for (const frequency of hertz) {
      const oscillator = context.createOscillator();
      oscillator.frequency.value = frequency;
      oscillator.connect(envelope);
      oscillator.start(begin);
      oscillator.stop(begin + seconds + 0.02);
    }
  }

  // Through an <audio> element, because every browser can give that (and only that) a device.
  private output(name: "ring" | "voice", context: AudioContext): AudioNode {
    const made = this.outputs.get(name);
    if (made) return made[0];
    const node = context.createMediaStreamDestination();
    const element = new Audio();
    element.srcObject = node.stream;
    element.autoplay = true;
    void playOn(element, this.sinks[name]);
    this.outputs.set(name, [node, element]);
    return node;
  }

  private readonly wake = (): void => {
    if (this.context?.state === "suspended") void this.context.resume();
  };

  private readonly tell = (): void => {
    this.blockedChanged(this.context?.state === "suspended");
  };
}
