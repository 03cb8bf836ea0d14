// One tab of an agent is the phone; the others show the same and send their presses to it.

import { Phone } from "./phone";
import { SILENT, type Credentials, type PhoneState, type Press } from "./types";

type Message =
  | { kind: "state"; state: PhoneState }
  | { kind: "press"; press: Press }
  | { kind: "hello" };

export class SharedPhone {
  private readonly channel: BroadcastChannel;
  private readonly gone = new AbortController();
  private phone: Phone | undefined;
  private letGo: (() => void) | undefined;
  private last: PhoneState = SILENT;

  constructor(
    agentId: string,
    private readonly credentials: () => Promise<Credentials>,
    private readonly changed: (state: PhoneState) => void,
  ) {
    const name = `pbxd-phone-${agentId}`;
    this.channel = new BroadcastChannel(name);
    this.channel.onmessage = ({ data }: MessageEvent<Message>) => this.hear(data);
    // Without locks there is no secure context, so no microphone either: this tab explains that.
    if (navigator.locks) void this.queue(name);
    else this.lead();
    this.channel.postMessage({ kind: "hello" } satisfies Message);
  }

  /** This tab has the microphone and the SIP connection. */
  get leading(): boolean {
    return this.phone !== undefined;
  }

  get state(): PhoneState {
    return this.last;
  }

  press(press: Press): void {
    if (this.phone) this.phone.press(press);
    else this.channel.postMessage({ kind: "press", press } satisfies Message);
  }

  /** The server says that another browser took the phone over. */
  yield(): void {
    this.phone?.yield();
  }

  close(): void {
    this.gone.abort();
    this.phone?.stop();
    this.phone = undefined;
    this.letGo?.();
    this.channel.close();
  }

  private async queue(name: string): Promise<void> {
    try {
      await navigator.locks.request(name, { signal: this.gone.signal }, () => {
        this.lead();
        return new Promise<void>((resolve) => {
          this.letGo = resolve;
        });
      });
    } catch {
      // closed while waiting for the turn
    }
  }

  private lead(): void {
    if (this.gone.signal.aborted) return;
    this.phone = new Phone(this.credentials, (state) => this.report(state));
    this.phone.start();
  }

  private report(state: PhoneState): void {
    this.channel.postMessage({ kind: "state", state } satisfies Message);
    this.show(state);
  }

  private hear(message: Message): void {
    if (message.kind === "state" && !this.phone) this.show(message.state);
    else if (message.kind === "press") this.phone?.press(message.press);
    else if (message.kind === "hello" && this.phone) this.report(this.phone.state());
  }

  private show(state: PhoneState): void {
    this.last = state;
    this.changed(state);
  }
}
