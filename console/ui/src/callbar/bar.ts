// The call bar: what the server says (`desk` messages) and what this browser's phone says, put
// together into one picture, and the presses sent to whoever can carry them out.

import type { SharedPhone } from "../softphone/shared";
import { SILENT, type AudioCall, type PhoneState, type Press, type Problem } from "../softphone/types";
import { Alerts } from "./alerts";
import { Commands, newId, type Answer } from "./commands";
import { Keypad } from "./keypad";
import { PhoneMenu } from "./menu";
import { BLOCKING, deskState, ordered, pair, type Desk, type DeskCall } from "./model";
import { View } from "./view";

export class Bar {
  private readonly view: View;
  private readonly commands: Commands;
  private readonly keypad: Keypad;
  private readonly menu: PhoneMenu;
  private readonly alerts: Alerts;
  private readonly page = newId();
  private desk: Desk | undefined;
  private offset = 0;
  private phone: SharedPhone | undefined;
  private phoneWanted = "";
  private phoneWasOurs = false;
  private audio: PhoneState = SILENT;
  private readonly autoAnswered = new Set<string>();
  private dialling = false;
  private error = "";

  constructor(root: HTMLElement) {
    this.view = new View(root);
    this.commands = new Commands(this.view.words.unreachable);
    this.alerts = new Alerts(this.view.words.incoming);
    this.keypad = new Keypad(this.view, (key) => this.onTop((id) => ({ verb: "tones", id, tones: key })));
    this.menu = new PhoneMenu(
      this.view,
      (place, device) => this.press({ verb: "choose", place, device }),
      (kind) => void this.tell(this.commands.device(kind)),
    );
    this.draw();
  }

  hear(desk: Desk): void {
    this.desk = desk;
    this.offset = desk.now - Date.now();
    void this.havePhone();
    this.watchHolder();
    this.autoAnswer();
    this.alerts.show(desk.calls.filter((call) => call.state === "ringing" && !call.outgoing));
    this.draw();
  }

  /** What became of a command later than its answer ("your phone was not picked up"). */
  hearSettled(reason: string): void {
    this.complain(reason);
  }

  /** Somebody types another number: what was said about the last one is over. */
  typing(): void {
    if (this.error !== "") this.complain("");
  }

  /** Can a click on a number be turned into a call at all? Else the link is a plain tel: link. */
  get hasAgent(): boolean {
    return Boolean(this.desk?.agent);
  }

  async dial(number: string, customer = ""): Promise<void> {
    const why = this.whyNot().call;
    if (why !== "") return this.complain(this.view.words.reasons[why] ?? "");
    this.dialling = true;
    this.complain("");
    const answer = await this.commands.dial(number, customer);
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
    else if (verb === "mute") this.onTop((id, audio) => ({ verb: "mute", id, on: !audio.muted }));
    else if (verb === "keypad") this.keypad.open(!this.keypad.isOpen);
    else if (verb === "speaker") this.press({ verb: "on-speaker", on: !this.audio.devices.onSpeaker });
    else if (verb === "link") void this.tell(this.commands.link(!this.desk?.agent?.linked));
    else if (verb === "fix") this.fix();
    this.draw();
  }

  pop(what: "close" | "pin" | "choose", body: Record<string, unknown>): void {
    void this.tell(this.commands.pop(what, body));
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
      () => this.commands.credentials(this.page),
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
    if (holder === this.page) this.phoneWasOurs = true;
    else if (holder !== "" && this.phoneWasOurs) {
      this.phoneWasOurs = false;
      this.phone?.yield();
    }
  }

  // Click-to-call rings the agent's own phone first: who clicked has answered already.
  private autoAnswer(): void {
    if (!this.phone?.leading) return;
    const pairs = this.pairs();
    for (const call of this.desk?.calls ?? []) {
      const audio = pairs.get(call.key);
      if (!call.clicked_by_me || audio?.state !== "ringing" || this.autoAnswered.has(audio.id)) continue;
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
  private whyNot(): Record<"call" | "answer" | "hang-up" | "mute" | "keypad", string> {
    const state = deskState(this.desk, this.audio);
    const top = this.top;
    const audio = top && this.pairs().get(top.key);
    const ringing = this.call(this.answerable(top?.key ?? ""));
    const mayAnswer = ringing?.can.answer && (!ringing.my_leg.browser || this.pairs().has(ringing.key));
    return {
      call: this.dialling ? "dialling" : state === "available" ? "" : state,
      answer: mayAnswer ? "" : ringing?.can.answer ? "other-browser" : "nothing-rings",
      "hang-up": top && (audio || top.can.hang_up) ? "" : "no-call",
      mute: audio?.state === "up" ? "" : "no-call",
      keypad: audio?.state === "up" ? "" : "no-call",
    };
  }

  private draw(): void {
    const agent = this.desk?.agent;
    const browser = agent?.device === "browser";
    const top = this.top;
    const audio = top && this.pairs().get(top.key);
    this.keypad.follow(audio?.state === "up" ? audio.id : "");
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
        mute: audio?.muted ?? false,
        keypad: this.keypad.isOpen,
        speaker: this.audio.devices.onSpeaker,
        link: agent?.linked ?? false,
      },
      busy: this.dialling,
      shown: {
        desk: Boolean(agent),
        "browser-buttons": browser === true,
        "speaker-button": browser === true && this.audio.devices.canChooseOutput,
      },
      phone: this.audio,
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
