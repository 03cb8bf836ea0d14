// Abuse block (민원차단): one menu of kinds. A press is held for a second, or made twice, so that no
// slip ends a customer's call.

const HOLD_MS = 1000;
const TWICE_MS = 4000;

export class AbuseMenu {
  private readonly menu: HTMLElement;
  private readonly opener: HTMLButtonElement;
  private holding: ReturnType<typeof setTimeout> | undefined;
  private armed: { kind: string; timer: ReturnType<typeof setTimeout> } | undefined;

  constructor(
    root: HTMLElement,
    private readonly block: (kind: string) => void,
  ) {
    const menu = root.querySelector<HTMLElement>("[data-abuse-menu]");
    const opener = root.querySelector<HTMLButtonElement>('[data-main="abuse"]');
    if (!menu || !opener) throw new Error("the call bar has no abuse menu");
    this.menu = menu;
    this.opener = opener;
    opener.addEventListener("click", () => this.open(menu.hidden === true));
    menu.addEventListener("pointerdown", (event) => this.press(event.target as HTMLElement));
    for (const end of ["pointerup", "pointerleave", "pointercancel"]) {
      menu.addEventListener(end, () => this.release());
    }
    menu.addEventListener("click", (event) => this.click(event.target as HTMLElement));
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
      opener.focus();
    });
    document.addEventListener("pointerdown", (event) => {
      const target = event.target as Node;
      if (!menu.hidden && !menu.contains(target) && !opener.contains(target)) this.close();
    });
  }

  close(): void {
    this.open(false);
  }

  private open(open: boolean): void {
    this.disarm();
    this.release();
    if (this.menu.hidden === !open) return;
    this.menu.hidden = !open;
    this.opener.setAttribute("aria-expanded", String(open));
    if (open) this.menu.querySelector<HTMLElement>("[data-abuse-kind]")?.focus();
  }

  private press(target: HTMLElement): void {
    const kind = kindOf(target);
    if (!kind) return;
    target.closest("[data-abuse-kind]")?.setAttribute("data-holding", "");
    this.holding = setTimeout(() => this.go(kind), HOLD_MS);
  }

  private release(): void {
    clearTimeout(this.holding);
    this.menu.querySelector("[data-holding]")?.removeAttribute("data-holding");
  }

  // The first click asks, the second one means it: the way for keyboards too.
  private click(target: HTMLElement): void {
    const kind = kindOf(target);
    if (!kind) return;
    if (this.armed?.kind === kind) return this.go(kind);
    this.disarm();
    target.closest("[data-abuse-kind]")?.setAttribute("data-armed", "");
    this.armed = { kind, timer: setTimeout(() => this.disarm(), TWICE_MS) };
  }

  private disarm(): void {
    if (this.armed) clearTimeout(this.armed.timer);
    this.armed = undefined;
    this.menu.querySelector("[data-armed]")?.removeAttribute("data-armed");
  }

  private go(kind: string): void {
    this.close();
    this.block(kind);
  }
}

function kindOf(target: HTMLElement): string {
  return target.closest<HTMLElement>("[data-abuse-kind]")?.dataset.abuseKind ?? "";
}
