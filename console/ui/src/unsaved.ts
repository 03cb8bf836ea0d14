// A page of many small forms is drawn anew when one of them is saved, or by itself. A form in which
// somebody works is carried over as it stands: what was typed, the caret, and the version that was read,
// so that a clash with somebody else is still told. Of the form that was sent, what was typed since is.

import { changed, type Control, posts, typeable, unsaved } from "./forms";

interface Swap {
  target: Element;
  shouldSwap: boolean;
  requestConfig?: { verb: string; path: string; elt: Element };
  xhr: XMLHttpRequest;
}

export function startUnsaved(): void {
  const accepted = new WeakSet<Element>(); // saved; the page in which they are drawn anew is on its way
  const expected = new Set<string>(); // its address
  const sent = new WeakMap<Element, Map<Control, string>>(); // what a form held when it went out
  const aside = document.createElement("div"); // where forms are while their page is replaced
  aside.dataset.carried = "";
  let then: (() => void)[] = [];
  document.addEventListener("htmx:beforeSend", ({ target }) => {
    const form = (target as Element).closest("form");
    if (form) sent.set(form, new Map(typeable(form).map((one) => [one, one.value])));
  });
  document.addEventListener("htmx:beforeOnLoad", ({ target, detail }: CustomEventInit<Swap> & Event) => {
    const next = detail?.xhr.getResponseHeader("HX-Location");
    const form = (target as Element).closest("form");
    if (!next) return;
    if (form) accepted.add(form);
    expected.add((JSON.parse(next) as { path: string }).path);
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, shouldSwap, requestConfig, xhr } = (event as CustomEvent<Swap>).detail;
    if (!shouldSwap || !requestConfig) return;
    if (requestConfig.verb === "get" && target.id === "main" && !expected.delete(requestConfig.path)) return; // somebody went on
    const own = requestConfig.elt.closest("form");
    const active = document.activeElement as HTMLElement;
    then = [...target.querySelectorAll<HTMLInputElement>("input[type=checkbox][form]")].filter((box) => box.form !== own && changed(box)).map(tickAgain);
    const forms = [...target.querySelectorAll("form")].map((form) => ({ form, next: successor(form) }));
    for (const { form, next } of forms) {
      if (form === own || accepted.has(form)) then.push(typedSince(form, sent.get(form), next, xhr.status >= 400));
      else if (posts(form) && (unsaved(form) || (form.contains(active) && active.matches("input, textarea, select")))) {
        const place = document.createComment("");
        form.before(place);
        document.body.append(aside);
        move(form, aside);
        then.push(() => putBack(form, place, next, active));
      }
    }
  });
  const swapped = (): void => {
    const todo = then;
    then = [];
    todo.forEach((one) => one());
    aside.replaceChildren();
    aside.remove();
  };
  document.addEventListener("htmx:afterSwap", swapped);
  document.addEventListener("htmx:swapError", swapped);
}

/** Finds, in the page that comes, the form with the same purpose at the same place. */
function successor(form: HTMLFormElement): () => HTMLFormElement | undefined {
  const purpose = (one: HTMLFormElement): string | null => one.dataset.draft ?? one.getAttribute("action") ?? one.getAttribute("hx-post");
  const peers = (): HTMLFormElement[] => [...document.forms].filter((one) => purpose(one) === purpose(form));
  const place = peers().indexOf(form);
  return () => peers()[place];
}

function putBack(form: HTMLFormElement, place: Comment, next: () => HTMLFormElement | undefined, active: HTMLElement): void {
  const there = place.isConnected ? place : next(); // nothing was replaced: only other parts of the page were
  if (!there?.parentNode || there === form) return; // what it was about is gone
  move(form, there.parentNode, there);
  there.remove();
  if (there !== place && unsaved(form)) show(form);
  if (form.contains(active) && document.activeElement !== active) active.focus({ preventScroll: true });
}

function show(form: HTMLFormElement): void {
  form.dataset.dirty = "";
  for (let inside = form.closest("details"); inside; inside = inside.parentElement?.closest("details") ?? null) inside.open = true;
}

/** An element that moves keeps its focus and a syllable that is being composed, where the browser can. */
function move(form: Element, parent: Node & { moveBefore?: (node: Node, before: Node | null) => void }, before: Node | null = null): void {
  if (parent.moveBefore) parent.moveBefore(form, before);
  else parent.insertBefore(form, before);
}

function typedSince(form: HTMLFormElement, before: Map<Control, string> | undefined, next: () => HTMLFormElement | undefined, refused: boolean): () => void {
  const old = typeable(form);
  const later = old.map((one) => (before?.has(one) && before.get(one) !== one.value ? one.value : undefined));
  const [place, { selectionStart, selectionEnd }] = [old.indexOf(document.activeElement as Control), document.activeElement as HTMLInputElement];
  return () => {
    const fresh = next();
    const fields = fresh ? typeable(fresh) : [];
    if (!fresh || fields.some((one, at) => one.name !== old[at]?.name)) return;
    fields.forEach((one, at) => (one.value = later[at] ?? one.value));
    if (refused || later.some((one) => one !== undefined)) show(fresh);
    const field = fields[place];
    field?.focus({ preventScroll: true });
    if (field && "setSelectionRange" in field && selectionStart !== null) field.setSelectionRange(selectionStart, selectionEnd);
  };
}

function tickAgain(box: HTMLInputElement): () => void {
  const same = `input[type=checkbox][form="${CSS.escape(box.getAttribute("form") ?? "")}"][name="${CSS.escape(box.name)}"][value="${CSS.escape(box.value)}"]`;
  const { checked } = box;
  return () => document.querySelectorAll<HTMLInputElement>(same).forEach((one) => (one.checked = checked));
}
