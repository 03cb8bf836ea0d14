// Texts of labels: smaller, step by step, until they fit. What does not fit even then is counted.

const SMALLEST = 8;

export function startLabels(): void {
  document.addEventListener("htmx:afterSettle", drawn);
  drawn();
}

function drawn(): void {
  const measures = document.querySelector<HTMLLinkElement>("link[data-measures]");
  if (!measures) return;
  if (measures.sheet) fitAll();
  else measures.addEventListener("load", fitAll, { once: true });
}

function fitAll(): void {
  document.querySelectorAll<HTMLElement>("[data-labels]:not([data-fitted])").forEach((root) => {
    const cut = fit(Array.from(root.querySelectorAll<HTMLElement>(".label-text")));
    root.dataset.fitted = "";
    const note = document.querySelector<HTMLElement>("[data-labels-cut]");
    if (note && root.matches(".label-sheets")) {
      note.hidden = cut === 0;
      const count = note.querySelector("strong");
      if (count) count.textContent = String(cut);
    }
    if (root.hasAttribute("data-print-now")) {
      root.removeAttribute("data-print-now");
      window.print();
    }
  });
}

// All are measured, then all are made smaller: one layout a step, however many there are.
function fit(texts: HTMLElement[]): number {
  let large = texts.filter(tooLarge);
  for (let step = 1; step <= SMALLEST && large.length > 0; step++) {
    for (const text of large) text.dataset.fit = String(step);
    large = large.filter(tooLarge);
  }
  for (const text of large) text.parentElement?.setAttribute("data-cut", "");
  return large.length;
}

function tooLarge(text: HTMLElement): boolean {
  const label = text.parentElement;
  if (!label) return false;
  const style = getComputedStyle(label);
  // the browser rounds what it says to whole pixels: one more is still in the label's margin
  const high = label.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom) + 1;
  const wide = label.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) + 1;
  return text.offsetHeight > high || text.offsetWidth > wide || text.scrollWidth > wide || text.scrollHeight > high;
}
