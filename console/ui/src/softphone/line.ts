// One call's audio: answer, mute, keys, hang up. What the call *is* comes from the server.

import type { RTCSession } from "jssip/lib/RTCSession";

import { playOn } from "./devices";
import { closeMicrophone, openMicrophone } from "./microphone";
import type { AudioCall, Problem } from "./types";

const ENOUGH_CANDIDATES_MS = 400; // a network without an answer must not delay "hello"

export class Line {
  private readonly speaker = new Audio();
  private microphone: MediaStream | undefined;
  private state: AudioCall["state"] = "ringing";
  private closed = false;

  constructor(
    readonly session: RTCSession,
    private readonly leg: string,
    private readonly auto: boolean,
    private readonly changed: () => void,
    private readonly ended: (line: Line) => void,
  ) {
    this.speaker.autoplay = true;
    session.on("peerconnection", ({ peerconnection }) => this.listen(peerconnection));
    session.on("confirmed", () => this.become("up"));
    session.on("ended", () => this.close());
    session.on("failed", () => this.close());
    session.on("muted", () => this.changed());
    session.on("unmuted", () => this.changed());
    session.on("hold", () => this.changed());
    session.on("unhold", () => this.changed());
    let patience: ReturnType<typeof setTimeout> | undefined;
    session.on("icecandidate", ({ ready }) => {
      patience ??= setTimeout(ready, ENOUGH_CANDIDATES_MS);
    });
  }

  get id(): string {
    return this.session.id;
  }

  get ringing(): boolean {
    return this.state === "ringing";
  }

  view(): AudioCall {
    return {
      id: this.id,
      leg: this.leg,
      number: this.session.remote_identity.uri.user ?? "",
      state: this.state,
      muted: this.session.isMuted().audio === true,
      held: this.session.isOnHold().local,
      auto: this.auto,
    };
  }

  /** Answers with the microphone `device`; the problem that prevented it, or "". */
  async answer(device: string, output: string): Promise<Problem | ""> {
    if (this.state !== "ringing") return "";
    this.become("connecting");
    await playOn(this.speaker, output);
    const opened = await openMicrophone(device);
    if (this.closed) {
      if ("stream" in opened) closeMicrophone(opened.stream);
      return "";
    }
    if ("problem" in opened) {
      this.become("ringing");
      return opened.problem;
    }
    this.microphone = opened.stream;
    try {
      this.session.answer({ mediaStream: opened.stream, pcConfig: { iceServers: [] } });
      return "";
    } catch {
      closeMicrophone(opened.stream);
      return "audio-failed";
    }
  }

  hangUp(): void {
    if (this.closed) return;
    // 486: this phone does not take it; others of a ring group go on ringing.
    this.session.terminate(this.state === "up" ? {} : { status_code: 486 });
  }

  mute(on: boolean): void {
    if (on) this.session.mute({ audio: true });
    else this.session.unmute({ audio: true });
  }

  hold(on: boolean): void {
    if (this.state !== "up" || this.session.isOnHold().local === on) return;
    if (on) this.session.hold();
    else this.session.unhold();
  }

  tones(keys: string): void {
    if (this.state === "up") this.session.sendDTMF(keys, RFC4733);
  }

  listenOn(output: string): void {
    void playOn(this.speaker, output);
  }

  /** Another microphone in the middle of a call. */
  async speakInto(device: string): Promise<Problem | ""> {
    if (!this.microphone) return "";
    const opened = await openMicrophone(device);
    if ("problem" in opened) return opened.problem;
    const track = opened.stream.getAudioTracks()[0];
    const sender = this.session.connection?.getSenders().find((one) => one.track?.kind === "audio");
    if (!track || !sender || this.closed) {
      closeMicrophone(opened.stream);
      return "";
    }
    track.enabled = this.session.isMuted().audio !== true;
    await sender.replaceTrack(track);
    closeMicrophone(this.microphone);
    this.microphone = opened.stream;
    return "";
  }

  private listen(connection: RTCPeerConnection): void {
    connection.addEventListener("track", (event) => {
      this.speaker.srcObject = event.streams[0] ?? new MediaStream([event.track]);
    });
  }

  private become(state: AudioCall["state"]): void {
    this.state = state;
    this.changed();
  }

  private close(): void {
    if (this.closed) return;
    this.closed = true;
    if (this.microphone) closeMicrophone(this.microphone);
    this.speaker.srcObject = null;
    this.ended(this);
  }
}

// JsSIP types the transport as an enum that it does not export as a value.
const RFC4733 = { transportType: "RFC2833", duration: 120, interToneGap: 70 } as unknown as NonNullable<
  Parameters<RTCSession["sendDTMF"]>[1]
>;
