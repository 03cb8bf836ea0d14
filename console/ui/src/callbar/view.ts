// Draws the call bar. Its parts come from the server's template (desk/callbar.html), in the
// user's language; everything from outside goes in as text, never as HTML.

import type { PhoneState, Problem } from "../softphone/types";
import { clock, type DeskCall, type Limit } from "./model";

export interface Words {
  states: Record<string, string>;
  problems: Record<string, string>;
  fixes: Record<string, string>;
  reasons: Record<string, string>;
  parties: Record<string, string>;
  watchers: Record<string, string>;
  limit: { ends: string; over: string; ending: string };
  memo: { saved: string; failed: string };
  withheld: string;
  incoming: string;
  unreachable: string;
  systemDevice: string;
}

export interface Drawing {
  state: string;
  calls: DeskCall[];
  offset: number; // server's clock minus ours, ms
  error: string;
  problem: Problem | "";
  enabled: Record<string, string>; // button → "" when it works, else why not
  pressed: Record<string, boolean>;
  busy: boolean;
  shown: Record<string, boolean>;
  phone: PhoneState;
  reminderMs: number; // a call on hold for longer asks for attention; 0 never
  remind: () => void;
}

export class View {
  readonly words: Words;
  private since: { element: HTMLElement; at: number; held: boolean }[] = [];
  private limits: { element: HTMLElement; limit: Limit }[] = [];
  private reminder: { ms: number; sound: () => void } = { ms: 0, sound: () => undefined };
  private remindedAt = 0;
  private offset = 0;

  constructor(readonly root: HTMLElement) {
    this.words = JSON.parse(root.dataset.words ?? "{}") as Words;
    setInterval(() => this.tick(), 500);
  }

  part<T extends HTMLElement>(name: string): T {
    const found = this.root.querySelector<T>(`[data-part="${name}"]`);
    if (!found) throw new Error(`the call bar has no part ${name}`);
    return found;
  }

  draw(drawing: Drawing): void {
    this.offset = drawing.offset;
    this.reminder = { ms: drawing.reminderMs, sound: drawing.remind };
    this.root.dataset.state = drawing.state;
    this.root.toggleAttribute("aria-busy", drawing.busy);
    setText(this.part("state-word"), this.words.states[drawing.state] ?? drawing.state);
    this.drawCalls(drawing.calls);
    this.drawButtons(drawing);
    this.drawProblem(drawing.problem);
    this.drawError(drawing.error);
    for (const [name, shown] of Object.entries(drawing.shown)) this.part(name).hidden = !shown;
    this.tick();
  }

  private drawCalls(calls: DeskCall[]): void {
    const list = this.part<HTMLOListElement>("calls");
    const template = this.part<HTMLTemplateElement & HTMLElement>("call-row");
    const rows = new Map([...list.children].map((row) => [(row as HTMLElement).dataset.key, row as HTMLElement]));
    this.since = [];
    this.limits = [];
    const wanted = calls.map((call) => {
      const row =
        rows.get(call.key) ?? ((template.content.firstElementChild as HTMLElement).cloneNode(true) as HTMLElement);
      this.drawRow(row, call);
      return row;
    });
    const same = wanted.length === list.children.length && wanted.every((row, index) => list.children[index] === row);
    if (!same) list.replaceChildren(...wanted);
    this.root.dataset.calls = String(calls.length);
  }

  private drawRow(row: HTMLElement, call: DeskCall): void {
    row.dataset.key = call.key;
    row.dataset.state = call.state;
    row.dataset.outgoing = String(call.outgoing);
    const text = (name: string, value: string): void => {
      const element = row.querySelector<HTMLElement>(`[data-row="${name}"]`);
      if (element) setText(element, value);
    };
    const number = call.display || this.words.withheld;
    text("state", this.words.states[call.state] ?? call.state);
    text("name", call.name || number);
    text("number", call.name ? number : "");
    text("line", call.line);
    const timer = row.querySelector<HTMLElement>('[data-row="timer"]');
    if (timer) this.since.push({ element: timer, at: call.since, held: call.state === "held" });
    const limit = row.querySelector<HTMLElement>('[data-row="limit"]');
    if (limit && !call.limit) setText(limit, "");
    else if (limit && call.limit) this.limits.push({ element: limit, limit: call.limit });
    this.drawParties(row, call);
    const resume = row.querySelector<HTMLButtonElement>('[data-do="resume"]');
    if (resume) resume.hidden = !call.can.resume;
    const answer = row.querySelector<HTMLButtonElement>('[data-do="answer"]');
    if (answer) answer.hidden = !call.can.answer;
  }

  // Who else is in it, where there is more to say than with whom one talks.
  private drawParties(row: HTMLElement, call: DeskCall): void {
    const element = row.querySelector<HTMLElement>('[data-row="parties"]');
    if (!element) return;
    const words = this.words.parties;
    const several = call.parties.length > 1 || call.parties.some((one) => one.how !== "talks");
    const said = call.parties.map((one) => `${one.name || this.words.withheld} ${words[one.how] ?? ""}`.trim());
    const watched = call.watchers.map((one) => `👁 ${one.name} ${this.words.watchers[one.mode] ?? ""}`.trim());
    setText(element, [...(several ? said : []), ...watched].join(" · "));
  }

  private drawButtons(drawing: Drawing): void {
    for (const [name, why] of Object.entries(drawing.enabled)) {
      for (const button of this.root.querySelectorAll<HTMLButtonElement>(`[data-main="${name}"]`)) {
        button.disabled = why !== "";
        button.dataset.title ??= button.title;
        const reason = this.words.reasons[why];
        button.title = reason ? `${button.dataset.title} — ${reason}` : button.dataset.title;
      }
    }
    for (const [name, on] of Object.entries(drawing.pressed)) {
      const button = this.root.querySelector<HTMLButtonElement>(`[data-main="${name}"]`);
      button?.setAttribute("aria-pressed", String(on));
    }
  }

  private drawProblem(problem: Problem | ""): void {
    const box = this.part("problem");
    box.hidden = problem === "";
    box.dataset.problem = problem;
    setText(this.part("problem-text"), this.words.problems[problem] ?? "");
    const fix = this.part("fix");
    fix.hidden = this.words.fixes[problem] === undefined;
    setText(fix, this.words.fixes[problem] ?? "");
  }

  private drawError(error: string): void {
    const box = this.part("error");
    box.hidden = error === "";
    setText(box, error);
    const number = this.part("number");
    if (error === "") number.removeAttribute("aria-invalid");
    else number.setAttribute("aria-invalid", "true");
  }

  private drawLimit(element: HTMLElement, limit: Limit, now: number): void {
    const { ends, ending, over } = this.words.limit;
    const left = limit.end_ms - now;
    const word = left < 0 ? over : limit.warned && limit.ends ? ending : ends;
    setText(element, `${word} ${clock(Math.abs(left))}`);
    element.toggleAttribute("data-warned", limit.warned || limit.over);
  }

  private tick(): void {
    const now = Date.now() + this.offset;
    for (const { element, limit } of this.limits) this.drawLimit(element, limit, now);
    for (const { element, at, held } of this.since) {
      setText(element, clock(now - at));
      const late = held && this.reminder.ms > 0 && now - at > this.reminder.ms;
      element.closest<HTMLElement>("[data-key]")?.toggleAttribute("data-late", late);
      if (!late || now - this.remindedAt < this.reminder.ms) continue;
      this.remindedAt = now;
      this.reminder.sound();
    }
  }
}

export function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
