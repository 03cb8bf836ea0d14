// The panel in which one says to whom a call goes: a colleague (with live state), a queue, a number.

import type { View } from "./view";

export type Way = "transfer" | "consult";

export class TransferPanel {
  private readonly panel: HTMLFormElement;
  private readonly to: HTMLInputElement;
  private readonly note: HTMLInputElement;
  private readonly list: HTMLElement;
  private opener: HTMLElement | null = null;

  constructor(
    view: View,
    private readonly send: (way: Way, to: string, note: string) => Promise<boolean>,
    private readonly changed: () => void,
    private readonly own: () => string, // one's own extension: no target
  ) {
    this.panel = view.part<HTMLFormElement & HTMLElement>("transfer");
    this.to = view.part<HTMLInputElement>("transfer-to");
    this.note = view.part<HTMLInputElement>("transfer-note");
    this.list = view.part("transfer-list");
    this.panel.addEventListener("submit", (event) => {
      event.preventDefault();
      const way = event.submitter?.dataset.way === "consult" ? "consult" : "transfer";
      void this.go(way);
    });
    this.panel.addEventListener("keydown", (event) => this.key(event));
    this.to.addEventListener("input", () => this.filter());
    this.list.addEventListener("click", (event) => {
      const target = (event.target as HTMLElement).closest<HTMLElement>("[data-target]");
      if (target?.dataset.target) this.choose(target.dataset.target);
    });
    // the list is drawn anew whenever a colleague's state changes
    document.addEventListener("pbxd:placed", () => {
      if (this.isOpen) this.filter();
    });
  }

  get isOpen(): boolean {
    return !this.panel.hidden;
  }

  open(open: boolean): void {
    if (open === this.isOpen) return;
    this.panel.hidden = !open;
    if (open) {
      this.opener = document.activeElement as HTMLElement | null;
      this.to.focus();
      this.to.select();
    } else {
      this.opener?.focus();
    }
    document.dispatchEvent(new CustomEvent("pbxd:shown")); // the list is kept true while it is seen
    this.changed();
  }

  /** The call is over or elsewhere: what was typed belongs to nobody. */
  forget(): void {
    if (!this.isOpen && this.to.value === "" && this.note.value === "") return;
    this.panel.reset();
    this.open(false);
  }

  private async go(way: Way): Promise<void> {
    const to = this.to.value.trim();
    if (to === "") return this.to.focus();
    if (await this.send(way, to, this.note.value)) this.forget();
    else this.to.focus();
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.open(false);
    } else if (event.key === "Enter" && event.shiftKey && !event.isComposing) {
      event.preventDefault();
      void this.go("consult");
    } else if (event.key === "ArrowDown" && event.target === this.to) {
      event.preventDefault();
      this.list.querySelector<HTMLElement>("[data-target]:not([hidden]) button:enabled")?.focus();
    }
  }

  private choose(target: string): void {
    this.to.value = target;
    this.to.focus();
  }

  // What is typed narrows the list; a number chosen from the list leaves it whole.
  private filter(): void {
    const typed = this.to.value.trim().toLowerCase();
    const rows = [...this.list.querySelectorAll<HTMLElement>("[data-target]")];
    const chosen = rows.some((row) => row.dataset.target === typed);
    for (const row of rows) {
      row.hidden = row.dataset.target === this.own() || (typed !== "" && !chosen && !(row.dataset.words ?? "").includes(typed));
      row.toggleAttribute("data-chosen", row.dataset.target === typed);
    }
  }
}
