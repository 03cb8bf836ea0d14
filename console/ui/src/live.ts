// The live stream: numbered messages; after a break the server sends everything anew.

import { PAGE } from "./page";
import { type ListChange, Parts } from "./parts";

interface Fragment {
  kind: "fragment";
  target: string;
  swap: "outer" | "inner" | "append" | "remove";
  html: string;
}

const LOGGED_OUT = 4003;
const LEAVE_PAUSE = 500; // the tab in which somebody logs out goes there by itself
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15_000;

export function startLive(process: (root: Element) => void): void {
  const lost = document.querySelector<HTMLElement>("#live-lost");
  let pause = FIRST_PAUSE;
  let sequence = 0;
  let socket: WebSocket | undefined;
  let again: number | undefined;
  let tell: (names: string[]) => void = () => undefined;
  const parts = new Parts((names) => tell(names), process);

  function connect(): void {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    clearTimeout(again);
    const mine = new WebSocket(`${scheme}//${location.host}/live?page=${PAGE}`);
    socket = mine;
    sequence = 0;
    mine.addEventListener("message", (event) => {
      const message = JSON.parse(String(event.data)) as { kind: string; seq: number };
      if (message.seq !== sequence + 1) {
        mine.close(); // one was missed: start afresh
        return;
      }
      sequence = message.seq;
      if (lost) lost.hidden = true;
      if (message.kind === "ready") {
        pause = FIRST_PAUSE;
        document.body.dataset.live = "up";
        tell = (names) => mine.send(JSON.stringify({ shows: names }));
        parts.say();
        document.dispatchEvent(new CustomEvent("pbxd:ready")); // what changed before it was heard
      } else if (message.kind === "fragment") {
        place(message as unknown as Fragment, process);
      } else if (message.kind === "rows") {
        (message as unknown as { lists: ListChange[] }).lists.forEach((change) => parts.hear(change));
      } else {
        document.dispatchEvent(new CustomEvent(`pbxd:${message.kind}`, { detail: message }));
      }
    });
    mine.addEventListener("close", (event) => {
      delete document.body.dataset.live;
      tell = () => undefined;
      if (event.code === LOGGED_OUT) {
        setTimeout(leave, LEAVE_PAUSE);
        return;
      }
      if (lost) lost.hidden = false;
      document.dispatchEvent(new CustomEvent("pbxd:live-lost"));
      again = setTimeout(connect, pause * (0.75 + Math.random() / 2));
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    });
  }

  function leave(): void {
    const { loggedOut: text, logIn: word } = document.body.dataset;
    document.dispatchEvent(new CustomEvent("pbxd:logged-out", { detail: { text, word } }));
  }

  document.addEventListener("pbxd:logged-in", () => {
    if (socket?.readyState === WebSocket.CLOSED) connect();
  });
  // The browser knows of its network before the connection does. The connection is not closed here: it
  // may outlive a short gap, and the server takes a closed one for a page that went away in a call.
  window.addEventListener("offline", () => {
    if (lost) lost.hidden = false;
  });
  window.addEventListener("online", () => {
    pause = FIRST_PAUSE;
    if (socket?.readyState === WebSocket.CLOSED) connect();
    else if (socket?.readyState === WebSocket.OPEN) parts.say(); // what answers is there
  });
  connect();
}

function place(message: Fragment, process: (root: Element) => void): void {
  const target = document.querySelector(message.target);
  if (!target) return;
  if (message.swap === "remove") {
    target.remove();
    return;
  }
  const holder = document.createElement("template");
  holder.innerHTML = message.html; // made by our own templates, which escape everything
  const made = [...holder.content.children];
  if (message.swap === "outer") target.replaceWith(holder.content);
  else if (message.swap === "append") target.append(holder.content);
  else target.replaceChildren(holder.content);
  made.forEach(process);
  document.dispatchEvent(new CustomEvent("pbxd:placed", { detail: { target: message.target } }));
}
