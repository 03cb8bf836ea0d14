// The whole browser phone of one page: registration, lines, devices, sounds.

import type { RTCSession } from "jssip/lib/RTCSession";

import { DeviceBook } from "./devices";
import { Line } from "./line";
import { closeMicrophone, obstacle, openMicrophone, watchPermission } from "./microphone";
import { Registrar } from "./registrar";
import { Sounds } from "./sounds";
import type { Credentials, PhoneState, Place, Press, Problem, Registration } from "./types";

const BEFORE_RING_MS = 250; // a call that the agent clicked is answered before it would ring

export class Phone {
  private readonly lines = new Map<string, Line>();
  private readonly problems = new Set<Problem>();
  private readonly devices: DeviceBook;
  private readonly sounds: Sounds;
  private readonly registrar: Registrar;
  private registration: Registration = "off";
  private yielding = false;
  private ringSoon: ReturnType<typeof setTimeout> | undefined;

  constructor(
    credentials: () => Promise<Credentials>,
    private readonly changed: (state: PhoneState) => void,
  ) {
    this.devices = new DeviceBook(() => this.devicesChanged());
    this.sounds = new Sounds((blocked) => this.problem("sound-blocked", blocked));
    this.registrar = new Registrar(credentials, {
      registration: (state) => {
        this.registration = state;
        this.tell();
      },
      trouble: (thereIs) => this.problem("no-credentials", thereIs),
      incoming: (session, leg, auto) => this.take(session, leg, auto),
      busy: () => this.lines.size > 0,
    });
  }

  start(): void {
    this.devices.start();
    this.sounds.start();
    this.registrar.start();
    void this.checkMicrophone();
    void watchPermission(() => void this.checkMicrophone());
    window.addEventListener("beforeunload", this.askBeforeLeaving);
    window.addEventListener("pagehide", this.sayGoodbye);
  }

  stop(): void {
    window.removeEventListener("beforeunload", this.askBeforeLeaving);
    window.removeEventListener("pagehide", this.sayGoodbye);
    clearTimeout(this.ringSoon);
    for (const line of this.lines.values()) line.hangUp();
    this.registrar.stop();
    this.sounds.stop();
    this.devices.stop();
  }

  press(press: Press): void {
    if (press.verb === "choose") return this.choose(press.place, press.device);
    if (press.verb === "on-speaker") return this.devices.listenOnSpeaker(press.on);
    if (press.verb === "ask-microphone") return void this.askForMicrophone();
    if (press.verb === "reclaim") return this.reclaim();
    if (press.verb === "remind") return this.sounds.remind();
    const line = this.lines.get(press.id);
    if (!line) return;
    if (press.verb === "answer") void this.answer(line);
    else if (press.verb === "hang-up") line.hangUp();
    else if (press.verb === "mute") line.mute(press.on);
    else if (press.verb === "hold") this.hold(line, press.on);
    else {
      line.tones(press.tones);
      this.sounds.keys(press.tones);
    }
  }

  /** Another browser of the same agent took the phone over: it rings there now. */
  yield(): void {
    this.yielding = this.lines.size > 0; // a call is never cut: when it is over
    if (this.yielding) return;
    this.registrar.stop();
    this.problem("taken", true);
  }

  private reclaim(): void {
    this.yielding = false;
    this.problem("taken", false);
    this.registrar.start();
  }

  state(): PhoneState {
    return {
      registration: this.registration,
      problems: [...this.problems],
      calls: [...this.lines.values()].map((line) => line.view()),
      devices: this.devices.state(),
    };
  }

  private take(session: RTCSession, leg: string, auto: boolean): void {
    const line = new Line(session, leg, auto, () => this.linesChanged(), (ended) => {
      this.lines.delete(ended.id);
      this.linesChanged();
    });
    this.lines.set(line.id, line);
    this.linesChanged();
  }

  // One voice at a time: who takes a call back, or another one, puts the others on hold.
  private hold(line: Line, on: boolean): void {
    if (!on) this.holdAllBut(line);
    line.hold(on);
  }

  private holdAllBut(line: Line): void {
    for (const other of this.lines.values()) {
      if (other !== line) other.hold(true);
    }
  }

  private async answer(line: Line): Promise<void> {
    this.holdAllBut(line);
    const problem = await line.answer(this.devices.present("microphone"), this.devices.voiceOutput);
    this.microphoneProblem(problem);
    if (problem === "") void this.devices.list(); // with permission the devices have names
  }

  private choose(place: Place, device: string): void {
    this.devices.choose(place, device);
    if (place !== "microphone") return;
    for (const line of this.lines.values()) {
      void line.speakInto(this.devices.present("microphone")).then((problem) => this.microphoneProblem(problem));
    }
  }

  private async askForMicrophone(): Promise<void> {
    const opened = await openMicrophone(this.devices.present("microphone"));
    if ("stream" in opened) closeMicrophone(opened.stream);
    this.microphoneProblem("problem" in opened ? opened.problem : "");
    await this.devices.list();
  }

  private async checkMicrophone(): Promise<void> {
    this.microphoneProblem(await obstacle());
  }

  private microphoneProblem(problem: Problem | ""): void {
    for (const old of MICROPHONE_PROBLEMS) this.problems.delete(old);
    if (problem !== "") this.problems.add(problem);
    this.tell();
  }

  private problem(problem: Problem, there: boolean): void {
    if (there === this.problems.has(problem)) return;
    if (there) this.problems.add(problem);
    else this.problems.delete(problem);
    this.tell();
  }

  private devicesChanged(): void {
    const voice = this.devices.voiceOutput;
    this.sounds.route(this.devices.present("ring"), voice);
    for (const line of this.lines.values()) line.listenOn(voice);
    this.tell();
  }

  private linesChanged(): void {
    clearTimeout(this.ringSoon);
    const lines = [...this.lines.values()];
    if (lines.some((line) => line.ringing)) {
      const talking = lines.some((line) => !line.ringing);
      this.ringSoon = setTimeout(() => this.sounds.ring(talking), BEFORE_RING_MS);
    } else {
      this.sounds.quiet();
    }
    if (this.yielding && lines.length === 0) this.yield();
    this.tell();
  }

  private tell(): void {
    this.changed(this.state());
  }

  private readonly askBeforeLeaving = (event: BeforeUnloadEvent): void => {
    if (this.lines.size > 0) event.preventDefault();
  };

  // The page is going away for good. In a call it says nothing: a BYE would be a deliberate
  // hang-up, and the customer would be lost to a reload; the server rings him back to us.
  private readonly sayGoodbye = (): void => {
    if (this.lines.size === 0) this.registrar.stop();
  };
}

const MICROPHONE_PROBLEMS: readonly Problem[] = [
  "insecure",
  "microphone-ask",
  "microphone-denied",
  "microphone-missing",
  "microphone-busy",
  "audio-failed",
];
