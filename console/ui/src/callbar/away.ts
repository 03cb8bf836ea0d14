// The Away button (자리비움): a menu of the office's reasons, the running time, the wrap-up after a
// call. Draws the `presence` message (console/agents/pages.py) and knows nothing of calls.

import { toast } from "../toasts";
import { Commands } from "./commands";
import { clock } from "./model";
import { setText } from "./view";

interface Choice {
  id: string;
  reason: string; // its word
  name: string; // "" when the word has a translation
  minutes: number | null;
}

interface Presence {
  now: number;
  away: {
    kind: "away" | "wrap_up";
    reason: string;
    name: string;
    since_ms: number;
    until_ms: number | null;
    by: "self" | "supervisor" | "auto" | "abuse";
  } | null;
  rest: Choice | null;
  reasons: Choice[];
}

interface Words {
  reasons: Record<string, string>;
  away: string;
  wrapUp: string;
  back: string;
  goAway: string;
  minutes: string;
  over: string;
  missed: string;
  supervisor: string;
  unreachable: string;
}

export function startAway(root: HTMLElement): void {
  const home = root.querySelector<HTMLElement>("[data-away]");
  if (home) new Away(root, home);
}

class Away {
  private readonly words: Words;
  private readonly commands: Commands;
  private readonly button: HTMLButtonElement;
  private readonly menu: HTMLElement;
  private readonly word = document.createElement("span");
  private presence: Presence | undefined;
  private offset = 0; // the server's clock minus ours, ms
  private drawn = "";

  constructor(
    private readonly root: HTMLElement,
    private readonly home: HTMLElement,
  ) {
    this.words = JSON.parse(home.dataset.words ?? "{}") as Words;
    this.commands = new Commands(this.words.unreachable);
    this.button = this.part<HTMLButtonElement>("button");
    this.menu = this.part("menu");
    this.word.className = "away-word";
    root.querySelector('[data-part="state-word"]')?.after(this.word);
    document.addEventListener("pbxd:presence", (event) => this.hear((event as CustomEvent<Presence>).detail));
    root.addEventListener("click", (event) => this.click(event.target as HTMLElement));
    root.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("pointerdown", (event) => {
      if (!this.menu.hidden && !home.contains(event.target as Node)) this.open(false);
    });
    setInterval(() => this.tick(), 500);
  }

  private part<T extends HTMLElement = HTMLElement>(name: string): T {
    const found = this.root.querySelector<T>(`[data-away-part="${name}"]`);
    if (!found) throw new Error(`the Away button has no part ${name}`);
    return found;
  }

  private hear(presence: Presence): void {
    if (presence.away?.kind !== this.presence?.away?.kind) this.open(false);
    this.presence = presence;
    this.offset = presence.now - Date.now();
    this.home.hidden = false;
    this.draw();
  }

  private click(target: HTMLElement): void {
    if (target.closest('[data-away-part="button"]')) {
      if (this.presence?.away?.kind === "away") void this.say("away", { reason: "" });
      else this.open(this.menu.hidden !== false);
      return;
    }
    const reason = target.closest<HTMLElement>("[data-away-reason]")?.dataset.awayReason;
    const verb = target.closest<HTMLElement>("[data-away-do]")?.dataset.awayDo;
    if (reason) void this.say("away", { reason });
    else if (verb === "end" || verb === "extend") void this.say("wrap-up", { do: verb });
    else if (verb === "rest") void this.say("away", { reason: this.presence?.rest?.id ?? "" });
    else if (verb === "decline") void this.say("rest/decline", {});
  }

  private async say(what: string, body: Record<string, unknown>): Promise<void> {
    this.open(false);
    const answer = await this.commands.verb(what, "", body);
    if (answer.reason !== "") toast(answer.reason, answer.result === "ok" ? "info" : "error");
  }

  // In the open menu: a reason's figure, arrows, Escape.
  private key(event: KeyboardEvent): void {
    if (this.menu.hidden || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const items = [...this.menu.querySelectorAll<HTMLButtonElement>("button:not([disabled])")].filter(
      (item) => !item.closest("[hidden]"),
    );
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (event.key === "Escape") {
      this.open(false);
      this.button.focus();
    } else if (step !== 0) {
      const at = items.indexOf(document.activeElement as HTMLButtonElement);
      items[(at + step + items.length) % items.length]?.focus();
    } else if (/^[1-9]$/.test(event.key)) {
      this.menu.querySelectorAll<HTMLButtonElement>("[data-away-reason]")[Number(event.key) - 1]?.click();
    } else {
      return;
    }
    event.preventDefault();
  }

  private open(open: boolean): void {
    if (open !== this.menu.hidden) return;
    this.menu.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (open) this.menu.querySelector<HTMLButtonElement>(":scope > :not([hidden]) button")?.focus();
  }

  private name(choice: { reason: string; name: string }): string {
    return choice.name || this.words.reasons[choice.reason] || choice.reason;
  }

  private draw(): void {
    const { presence } = this;
    if (!presence) return;
    const { away, rest } = presence;
    this.root.dataset.presence = away?.kind ?? "";
    this.button.setAttribute("aria-pressed", String(away?.kind === "away"));
    this.button.title = `${away?.kind === "away" ? this.words.back : this.words.goAway} (Alt+Y)`;
    this.part("wrap-up").hidden = away?.kind !== "wrap_up";
    this.drawReasons(presence.reasons);
    this.part("rest").hidden = rest === null;
    const button = this.root.querySelector<HTMLElement>('[data-away-do="rest"]');
    if (rest && button) setText(button, this.withMinutes(rest));
    this.tick();
  }

  private drawReasons(reasons: Choice[]): void {
    const wanted = JSON.stringify(reasons);
    if (wanted === this.drawn) return;
    this.drawn = wanted;
    this.part("reasons").replaceChildren(
      ...reasons.map((choice, index) => {
        const item = Object.assign(document.createElement("button"), { type: "button", className: "away-reason" });
        item.setAttribute("role", "menuitem");
        item.dataset.awayReason = choice.id;
        const key = Object.assign(document.createElement("kbd"), { textContent: index < 9 ? String(index + 1) : "" });
        const name = Object.assign(document.createElement("span"), { textContent: this.name(choice) });
        const length = choice.minutes === null ? "" : this.minutes(choice.minutes);
        const minutes = Object.assign(document.createElement("small"), { textContent: length });
        item.append(key, name, minutes);
        return item;
      }),
    );
  }

  private withMinutes(choice: Choice): string {
    const name = this.name(choice);
    return choice.minutes === null ? name : `${name} · ${this.minutes(choice.minutes)}`;
  }

  private minutes(minutes: number): string {
    return this.words.minutes.replace("{minutes}", String(minutes));
  }

  private tick(): void {
    const away = this.presence?.away;
    const now = Date.now() + this.offset;
    const over = away?.kind === "away" && away.until_ms !== null && now > away.until_ms;
    this.home.dataset.over = String(over);
    let word = "";
    let label = this.words.away;
    if (away?.kind === "wrap_up") {
      word = this.words.wrapUp;
      label = clock((away.until_ms ?? now) - now + 999);
    } else if (away) {
      word = this.name(away);
      label = clock(now - away.since_ms);
    }
    setText(this.word, word);
    setText(this.part("label"), label);
    this.note(over);
  }

  private note(over: boolean): void {
    const away = this.presence?.away;
    const note = this.part("note");
    let text = "";
    if (away?.kind === "away") {
      if (away.by === "auto") text = this.words.missed;
      else if (over) text = this.words.over;
      else if (away.by === "supervisor") text = this.words.supervisor;
    }
    note.hidden = text === "";
    setText(note, text);
  }
}
