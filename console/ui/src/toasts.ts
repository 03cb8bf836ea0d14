// Short notices that go by themselves; errors stay until they are closed.

import { post } from "./callbar/commands";

const SHOWN_MS = 6000;

export function startToasts(): void {
  document.addEventListener("pbxd:toast", (event) => {
    const { text, level, undo, link } = (event as CustomEvent<{ text: string; level?: string; undo?: Undo; link?: Link }>).detail;
    toast(text, level ?? "info", undo, link);
  });
  for (const lost of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(lost, () => toast(document.body.dataset.unreachable ?? "", "error"));
  }
  document.addEventListener("htmx:responseError", (event) => {
    // a proxy's error page: our own refusals bring their words along
    const { xhr } = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail;
    if (!xhr.getResponseHeader("HX-Trigger")) toast(document.body.dataset.unreachable ?? "", "error");
  });
}

interface Undo {
  address: string;
  values: Record<string, unknown>;
  word: string;
}

interface Link {
  address: string;
  word: string;
  apart?: boolean; // in a tab of its own
}

export function toast(text: string, level = "info", undo?: Undo, link?: Link): HTMLElement | undefined {
  const list = document.querySelector("#toasts");
  if (!list) return undefined;
  const said = [...list.querySelectorAll<HTMLElement>(".toast-error")].filter((one) => one.dataset.said === text);
  if (level === "error") said.forEach((one) => one.remove()); // once is enough
  const item = document.createElement("p");
  item.dataset.said = text;
  item.className = `toast toast-${level}`;
  item.textContent = text;
  if (level === "error") item.setAttribute("role", "alert");
  if (undo) item.append(undoing(undo, item));
  if (link) item.append(leading(link, item));
  const close = document.createElement("button");
  close.type = "button";
  close.className = "toast-close";
  close.textContent = "×";
  close.setAttribute("aria-label", document.body.dataset.close ?? "");
  close.addEventListener("click", () => item.remove());
  item.append(close);
  list.append(item);
  if (level !== "error") setTimeout(() => item.remove(), SHOWN_MS);
  return item;
}

function leading(link: Link, item: HTMLElement): HTMLElement {
  const made = document.createElement("a");
  made.className = "button button-small toast-undo";
  made.href = link.address;
  if (link.apart) made.target = "_blank";
  else made.dataset.open = ""; // beside a form that is not saved
  made.textContent = link.word;
  if (!link.apart) made.addEventListener("click", () => setTimeout(() => item.remove(), 0));
  return made;
}

function undoing(undo: Undo, item: HTMLElement): HTMLElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-small toast-undo";
  button.textContent = undo.word;
  button.addEventListener("click", () => {
    button.disabled = true;
    post(undo.address, undo.values)
      .then((response) => response.json())
      .then((said: { reason?: string }) => {
        item.remove();
        toast(said.reason ?? "");
      })
      .catch(() => toast(document.body.dataset.unreachable ?? "", "error"));
  });
  return button;
}
