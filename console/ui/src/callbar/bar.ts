// The call bar: what the server says (`desk` messages) and what this browser's phone says, put
// together into one picture, and the presses sent to whoever can carry them out.

import type { SharedPhone } from "../softphone/shared";
import { SILENT, type AudioCall, type PhoneState, type Press, type Problem } from "../softphone/types";
import { mayReplace } from "../navigation";
import { PAGE } from "../page";
import { AbuseMenu } from "./abuse";
import { Alerts } from "./alerts";
import { Commands, type Answer } from "./commands";
import { Keypad } from "./keypad";
import { PhoneMenu } from "./menu";
import {
  BLOCKING,
  deskState,
  mergeable,
  ordered,
  pair,
  toPickUp,
  type Desk,
  type DeskCall,
  type Ringing,
} from "./model";
import { openCustomer } from "./opens";
import { MemoPanel } from "./memo";
import { TransferPanel, type Way } from "./transfer";
import { View } from "./view";

const UNHOLD_MS = 1500; // a hold is taken back within it, or something is wrong

export class Bar {
  private readonly view: View;
  private readonly commands: Commands;
  private readonly keypad: Keypad;
  private readonly menu: PhoneMenu;
  private readonly alerts: Alerts;
  private readonly transfer: TransferPanel;
  private readonly abuse: AbuseMenu;
  private readonly memo: MemoPanel;
  private ringing: Ringing = { calls: [] };
  private desk: Desk | undefined;
  private offset = 0;
  private phone: SharedPhone | undefined;
  private phoneWanted = "";
  private phoneWasOurs = false;
  private audio: PhoneState = SILENT;
  private readonly autoAnswered = new Set<string>();
  private dialling = false;
  private wrapping = false;
  private lastCall = { key: "", who: "" }; // the memo of a call may be written after it
  private error = "";

  constructor(root: HTMLElement) {
    this.view = new View(root);
    this.commands = new Commands(this.view.words.unreachable);
    this.alerts = new Alerts(this.view.words.incoming);
    this.keypad = new Keypad(this.view, (key) => this.tone(key));
    this.transfer = new TransferPanel(this.view, (way, to, note) => this.send(way, to, note), () => this.draw(), () =>
      this.desk?.agent?.extension ?? "",
    );
    this.abuse = new AbuseMenu(this.view.root, (kind) => this.blockAbuse(kind));
    this.memo = new MemoPanel(this.view, () => this.draw());
    this.menu = new PhoneMenu(
      this.view,
      (place, device) => this.press({ verb: "choose", place, device }),
      (kind) => void this.tell(this.commands.device(kind)),
    );
    this.draw();
  }

  hear(desk: Desk): void {
    this.desk = desk;
    if (this.top) this.lastCall = { key: this.top.key, who: this.who(this.top.key) };
    this.offset = desk.now - Date.now();
    void this.havePhone();
    this.watchHolder();
    this.autoAnswer();
    openCustomer(desk.calls);
    this.wrapUp(desk);
    this.alerts.show(desk.calls.filter((call) => call.state === "ringing" && !call.outgoing));
    this.draw();
  }

  /** What became of a command later than its answer ("your phone was not picked up"). */
  hearSettled(reason: string): void {
    this.complain(reason);
  }

  /** What rings at colleagues' phones, to be picked up. */
  hearRinging(ringing: Ringing): void {
    this.ringing = ringing;
    this.markPickUps();
    this.draw();
  }

  /** Of the calls on a list, only those that this agent may pick up have the button. */
  markPickUps(): void {
    const extension = this.desk?.agent?.extension ?? "";
    for (const button of document.querySelectorAll<HTMLElement>("[data-pick-up]")) {
      button.hidden = toPickUp(this.ringing, extension, button.dataset.pickUp) === "";
    }
  }

  pickUp(key: string): void {
    if (key !== "") void this.tell(this.commands.verb("pick-up", key));
  }

  /** Somebody types another number: what was said about the last one is over. */
  typing(): void {
    if (this.error !== "") this.complain("");
  }

  /** Can a click on a number be turned into a call at all? Else the link is a plain tel: link. */
  get hasAgent(): boolean {
    return Boolean(this.desk?.agent);
  }

  async dial(number: string, customer = "", callback = ""): Promise<void> {
    const why = this.whyNot().call ?? "";
    if (why !== "") return this.complain(this.view.words.reasons[why] ?? "");
    this.dialling = true;
    this.complain("");
    const answer = await this.commands.dial(number, customer, callback);
    this.dialling = false;
    if (answer.result === "ok") this.view.part<HTMLInputElement>("number").value = "";
    this.complain(answer.reason);
  }

  answer(key: string): void {
    const call = this.call(key);
    const audio = this.pairs().get(key);
    if (audio) this.press({ verb: "answer", id: audio.id });
    else if (call && !call.my_leg.browser) void this.tell(this.commands.answer(key));
  }

  hangUp(key: string): void {
    const audio = this.pairs().get(key);
    if (audio) this.press({ verb: "hang-up", id: audio.id });
    else void this.tell(this.commands.hangUp(key));
  }

  /** A button of the bar: its verb, and the row's call when it is a row's button. */
  do(verb: string, key = this.top?.key ?? ""): void {
    if (verb === "answer") this.answer(this.answerable(key));
    else if (verb === "hang-up") this.hangUp(key);
    else if (verb === "mute") this.mute();
    else if (verb === "record") this.record(this.top?.recorded === "paused");
    else if (verb === "keep") void this.tell(this.commands.verb("record", key, { keep: true }));
    else if (verb === "hold") this.hold(key, this.call(key)?.state !== "held");
    else if (verb === "resume") this.hold(key, false);
    else if (verb === "transfer") this.transfer.open(!this.transfer.isOpen);
    else if (["complete", "back", "extend", "finish"].includes(verb)) void this.tell(this.commands.verb(verb, key));
    else if (verb === "merge") void this.tell(this.commands.verb("merge", key, { other: this.otherCall() }));
    else if (verb === "pick-up") this.pickUp(this.rings);
    else if (verb === "keypad") this.keypad.open(!this.keypad.isOpen);
    else if (verb === "memo") void this.memo.open(key || this.lastCall.key, key ? this.who(key) : this.lastCall.who);
    else if (verb === "speaker") this.press({ verb: "on-speaker", on: !this.audio.devices.onSpeaker });
    else if (verb === "link") void this.tell(this.commands.link(!this.desk?.agent?.linked));
    else if (verb === "fix") this.fix();
    this.draw();
  }

  get recorded(): string {
    return this.top?.recorded ?? "";
  }

  /** Go on recording, or write silence: from the button, and while a card number is typed. */
  record(on: boolean): void {
    const top = this.top;
    if (top?.recorded) void this.tell(this.commands.verb("record", top.key, { on }));
  }

  pop(what: "close" | "pin" | "choose", body: Record<string, unknown>): void {
    void this.tell(this.commands.pop(what, body));
  }

  // After a call its memo is open, unless something else is being typed.
  private wrapUp(desk: Desk): void {
    const now = desk.agent?.away?.kind === "wrap_up";
    if (now && !this.wrapping && this.lastCall.key !== "" && !this.memo.isOpen && mayReplace() && !document.hidden) {
      void this.memo.open(this.lastCall.key, this.lastCall.who);
    }
    this.wrapping = now;
  }

  private who(key: string): string {
    const call = this.call(key);
    return call ? call.name || call.display || this.view.words.withheld : "";
  }

  private get top(): DeskCall | undefined {
    return this.desk && ordered(this.desk.calls)[0];
  }

  private call(key: string): DeskCall | undefined {
    return this.desk?.calls.find((call) => call.key === key);
  }

  // The main Answer button means the call that rings, also when another one is on top.
  private answerable(key: string): string {
    if (this.call(key)?.can.answer) return key;
    return this.desk?.calls.find((call) => call.can.answer)?.key ?? key;
  }

  private pairs(): Map<string, AudioCall> {
    return pair(this.desk?.calls ?? [], this.audio.calls);
  }

  private onTop(make: (id: string, audio: AudioCall) => Press): void {
    const audio = this.top && this.pairs().get(this.top.key);
    if (audio) this.press(make(audio.id, audio));
  }

  private get rings(): string {
    return toPickUp(this.ringing, this.desk?.agent?.extension ?? "");
  }

  private otherCall(): string {
    return this.top?.can.merge ? "" : mergeable(this.desk?.calls ?? [], this.top);
  }

  // A browser phone holds by itself; a desk phone is asked by the PBX.
  private hold(key: string, on: boolean): void {
    const call = this.call(key);
    const audio = this.pairs().get(key);
    if (audio) this.press({ verb: "hold", id: audio.id, on });
    else if (call && !call.my_leg.browser) void this.holdAtDesk(call, on);
  }

  private async holdAtDesk(call: DeskCall, on: boolean): Promise<void> {
    const other = this.desk?.calls.find((one) => one.key !== call.key && one.can.hold);
    if (!on && other) await this.tell(this.commands.verb("hold", other.key, { on: true }));
    await this.tell(this.commands.verb("hold", call.key, { on }));
  }

  private mute(): void {
    const top = this.top;
    if (!top) return;
    if (this.pairs().has(top.key)) this.onTop((id, audio) => ({ verb: "mute", id, on: !audio.muted }));
    else if (!top.my_leg.browser) void this.tell(this.commands.verb("mute", top.key, { on: !top.my_leg.muted }));
  }

  private tone(key: string): void {
    const top = this.top;
    if (!top) return;
    if (this.pairs().has(top.key)) this.onTop((id) => ({ verb: "tones", id, tones: key }));
    else void this.tell(this.commands.verb("keys", top.key, { keys: key }));
  }

  // Whom one asks must be heard: a hold of our own ends first.
  private async send(way: Way, to: string, note: string): Promise<boolean> {
    const top = this.top;
    if (!top) return false;
    const audio = this.pairs().get(top.key);
    if (way === "consult" && audio?.held) {
      this.press({ verb: "hold", id: audio.id, on: false });
      await this.until(() => this.call(top.key)?.state !== "held");
    }
    const answer = await this.commands.verb(way, top.key, { to, note });
    this.complain(answer.reason);
    return answer.result === "ok";
  }

  private blockAbuse(kind: string): void {
    if (this.top) void this.tell(this.commands.verb("abuse", this.top.key, { kind }));
  }

  private async until(true_: () => boolean): Promise<void> {
    const end = Date.now() + UNHOLD_MS;
    while (!true_() && Date.now() < end) await new Promise((done) => setTimeout(done, 50));
  }

  private press(press: Press): void {
    this.phone?.press(press);
  }

  private fix(): void {
    const problem = this.problem();
    if (problem === "taken") this.press({ verb: "reclaim" });
    else if (problem.startsWith("microphone")) this.press({ verb: "ask-microphone" });
  }

  // The phone exists as long as this agent's device is the browser and the link is on.
  private async havePhone(): Promise<void> {
    const agent = this.desk?.agent;
    const wanted = agent?.linked && agent.device === "browser" ? agent.id : "";
    if (wanted === this.phoneWanted) return;
    this.phoneWanted = wanted;
    this.phone?.close();
    this.phone = undefined;
    this.phoneWasOurs = false;
    this.hearPhone(SILENT);
    if (wanted === "") return;
    const loaded = await import("../softphone/index").catch(() => undefined);
    if (this.phoneWanted !== wanted || this.phone) return;
    if (!loaded) {
      this.phoneWanted = ""; // the next message tries again
      return;
    }
    const { SharedPhone } = loaded;
    this.phone = new SharedPhone(
      wanted,
      () => this.commands.credentials(PAGE),
      (state) => this.hearPhone(state),
    );
  }

  private hearPhone(state: PhoneState): void {
    this.audio = state;
    this.autoAnswer();
    this.draw();
  }

  private watchHolder(): void {
    const holder = this.desk?.agent?.phone_page ?? "";
    if (holder === PAGE) this.phoneWasOurs = true;
    else if (holder !== "" && this.phoneWasOurs) {
      this.phoneWasOurs = false;
      this.phone?.yield();
    }
  }

  // Who clicked a number, picked a call up or listens as a supervisor has said yes already.
  private autoAnswer(): void {
    if (!this.phone?.leading) return;
    const clicked = new Set<string>();
    for (const [key, audio] of this.pairs()) {
      if (this.call(key)?.clicked_by_me) clicked.add(audio.id);
    }
    for (const audio of this.audio.calls) {
      if (audio.state !== "ringing" || this.autoAnswered.has(audio.id)) continue;
      if (!audio.auto && !clicked.has(audio.id)) continue;
      this.autoAnswered.add(audio.id);
      this.press({ verb: "answer", id: audio.id });
    }
  }

  private problem(): Problem | "" {
    if (!this.desk?.agent?.linked || this.desk.agent.device !== "browser") return "";
    const { problems } = this.audio;
    return problems.find((problem) => BLOCKING.includes(problem)) ?? problems[0] ?? "";
  }

  // For each button: "" when it works, else the word for why it does not.
  private whyNot(): Record<string, string> {
    const state = deskState(this.desk, this.audio);
    const top = this.top;
    const audio = top && this.pairs().get(top.key);
    const ringing = this.call(this.answerable(top?.key ?? ""));
    const mayAnswer = ringing?.can.answer && (!ringing.my_leg.browser || this.pairs().has(ringing.key));
    return {
      call: this.dialling ? "dialling" : state === "available" ? "" : state,
      answer: mayAnswer ? "" : ringing?.can.answer ? "other-browser" : "nothing-rings",
      "hang-up": top && (audio || top.can.hang_up) ? "" : "no-call",
      mute: audio?.state === "up" || this.atDesk(top) ? "" : "no-call",
      keypad: audio?.state === "up" || this.atDesk(top) ? "" : "no-call",
      hold: top && (top.can.hold || top.can.resume) ? "" : "no-call",
      transfer: top?.can.transfer ? "" : "no-call",
      abuse: top?.can.block ? "" : "no-call",
      complete: top?.can.complete ? "" : "nobody-asked",
      back: top?.can.back ? "" : "nobody-asked",
      merge: top?.can.merge || this.otherCall() !== "" ? "" : "nobody-asked",
      extend: top?.limit?.can_extend ? "" : "no-limit",
      finish: top?.limit?.over ? "" : "no-call",
      memo: top || this.lastCall.key !== "" ? "" : "no-call",
      "pick-up": this.rings === "" ? "nothing-rings" : state === "available" ? "" : state,
    };
  }

  private atDesk(call: DeskCall | undefined): boolean {
    return call !== undefined && !call.my_leg.browser && call.can.keys;
  }

  private draw(): void {
    const agent = this.desk?.agent;
    const browser = agent?.device === "browser";
    const top = this.top;
    const audio = top && this.pairs().get(top.key);
    this.keypad.follow(audio?.state === "up" ? audio.id : this.atDesk(top) ? (top?.key ?? "") : "");
    if (!top?.can.transfer) this.transfer.forget();
    if (!top?.can.block) this.abuse.close();
    this.menu.draw(this.audio, agent?.device ?? "browser", this.desk?.calls.length === 0);
    this.view.root.dataset.device = agent?.device ?? "";
    this.view.root.dataset.leading = String(this.phone?.leading ?? false);
    this.view.draw({
      state: deskState(this.desk, this.audio),
      calls: this.desk ? ordered(this.desk.calls) : [],
      offset: this.offset,
      error: this.error,
      problem: this.problem(),
      enabled: this.whyNot(),
      pressed: {
        mute: audio?.muted ?? top?.my_leg.muted ?? false,
        hold: top?.state === "held",
        record: top?.recorded === "paused",
        transfer: this.transfer.isOpen,
        keypad: this.keypad.isOpen,
        memo: this.memo.isOpen,
        speaker: this.audio.devices.onSpeaker,
        link: agent?.linked ?? false,
      },
      busy: this.dialling,
      shown: {
        desk: Boolean(agent),
        "talk-buttons": top?.can.back !== true,
        "consult-buttons": top?.can.back === true,
        "merge-button": top?.can.merge === true || this.otherCall() !== "",
        "limit-buttons": Boolean(top?.limit),
        "record-button": top?.recorded === "on" || top?.recorded === "paused",
        "keep-button": top?.recorded === "demand",
        "finish-button": top?.limit?.over === true,
        "pick-up-button": this.rings !== "" && top === undefined,
        dial: top === undefined,
        "speaker-button": browser === true && this.audio.devices.canChooseOutput,
      },
      phone: this.audio,
      reminderMs: (this.desk?.hold_reminder_s ?? 0) * 1000,
      remind: () => this.press({ verb: "remind" }),
    });
  }

  private complain(error: string): void {
    this.error = error;
    this.draw();
  }

  private async tell(answer: Promise<Answer>): Promise<void> {
    this.complain((await answer).reason);
  }
}
