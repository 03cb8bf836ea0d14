// Live lists (<tbody data-live="name">): the page says which it shows and is told the rows that
// changed. A row is an element with data-row; the focus stays where it was, and a choice that is
// open is not taken away under somebody's hand.

export interface ListChange {
  part: string;
  whole: boolean;
  rows: [string, string][];
  gone?: string[];
  order?: string[];
}

export class Parts {
  private shown: Element[] = [];
  private readonly waiting = new WeakMap<Element, string>(); // a row in use → its next HTML

  constructor(
    private readonly tell: (names: string[]) => void,
    private readonly process: (root: Element) => void,
  ) {
    for (const event of ["htmx:afterSettle", "htmx:historyRestore", "pbxd:shown"]) {
      document.addEventListener(event, () => {
        const now = this.visible();
        if (now.length !== this.shown.length || now.some((list, at) => list !== this.shown[at])) this.say();
      });
    }
    document.addEventListener("focusout", (event) => {
      const row = event.target instanceof Element ? event.target.closest("[data-live] > [data-row]") : null;
      if (row) setTimeout(() => this.catchUp(row), 0);
    });
  }

  /** Tell the server anew what is shown: it answers with all rows. */
  say(): void {
    this.shown = this.visible();
    this.tell(this.shown.map((list) => list.getAttribute("data-live") ?? ""));
  }

  hear(change: ListChange): void {
    const list = this.shown.find((one) => one.getAttribute("data-live") === change.part);
    if (!list) return;
    const rows = new Map([...list.children].map((row) => [row.getAttribute("data-row") ?? "", row]));
    if (change.whole) {
      const keys = new Set(change.rows.map(([key]) => key));
      for (const [key, row] of rows) if (!keys.has(key)) row.remove();
    }
    for (const key of change.gone ?? []) rows.get(key)?.remove();
    for (const [key, html] of change.rows) {
      const old = rows.get(key);
      if (old) this.replace(old, html);
      else list.append(this.made(html));
    }
    const order = change.order ?? (change.whole ? change.rows.map(([key]) => key) : undefined);
    if (order) sort(list, order);
    for (const count of document.querySelectorAll(`[data-live-count="${change.part}"]`)) {
      count.textContent = String(list.childElementCount);
    }
    document.dispatchEvent(new CustomEvent("pbxd:placed", { detail: { target: change.part } }));
  }

  private visible(): Element[] {
    return [...document.querySelectorAll("[data-live]")].filter((list) => !list.closest("[hidden]"));
  }

  private made(html: string): Element {
    const holder = document.createElement("template");
    holder.innerHTML = html.trim(); // made by our own templates, which escape everything
    return holder.content.firstElementChild ?? document.createElement("span");
  }

  private replace(old: Element, html: string): void {
    const active = document.activeElement;
    if (active instanceof HTMLSelectElement && old.contains(active)) {
      this.waiting.set(old, html);
      return;
    }
    const place = focusable(old).findIndex((one) => one === active);
    const row = this.made(html);
    old.replaceWith(row);
    this.process(row);
    if (place >= 0) focusable(row)[place]?.focus();
  }

  private catchUp(row: Element): void {
    const html = this.waiting.get(row);
    if (html === undefined || row.contains(document.activeElement)) return;
    this.waiting.delete(row);
    this.replace(row, html);
    document.dispatchEvent(new CustomEvent("pbxd:placed", { detail: { target: row.getAttribute("data-row") } }));
  }
}

function focusable(row: Element): HTMLElement[] {
  return [...row.querySelectorAll<HTMLElement>("a, button, select, input")];
}

/** Puts rows in this order, moving only those that stand wrong. */
function sort(list: Element, order: string[]): void {
  const rows = new Map([...list.children].map((row) => [row.getAttribute("data-row") ?? "", row]));
  let place: Element | null = list.firstElementChild;
  for (const key of order) {
    const row = rows.get(key);
    if (!row) continue;
    if (row === place) place = place.nextElementSibling;
    else list.insertBefore(row, place);
  }
}
