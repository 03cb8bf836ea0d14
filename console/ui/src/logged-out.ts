// Logged out meanwhile: a page without unsaved text goes to the log-in and comes back. One with such
// text stays; after a log-in in another tab it can be saved from here.

import { dirty } from "./navigation";
import { toast } from "./toasts";

interface LoggedOut {
  text: string;
  word: string;
  next?: string;
  stay?: boolean; // something was being saved
}

export function startLoggedOut(): void {
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]');
  const { user } = document.body.dataset;
  const tabs = new BroadcastChannel("pbxd-logged-in");
  let told: HTMLElement | undefined;
  document.addEventListener("pbxd:logged-out", (event) => {
    const { text, word, next, stay } = (event as CustomEvent<LoggedOut>).detail;
    const back = next || location.pathname + location.search;
    const address = back === "/" ? "/login" : `/login?next=${encodeURIComponent(back)}`;
    if (!stay && !dirty()) location.assign(address);
    else if (!told?.isConnected) told = toast(text, "error", undefined, { address, word, apart: true });
  });
  if (!token || !user) return;
  tabs.addEventListener("message", (event: MessageEvent<{ user: string; token: string }>) => {
    if (event.data.user !== user) return;
    token.content = event.data.token;
    told?.remove();
    document.dispatchEvent(new CustomEvent("pbxd:logged-in"));
  });
  tabs.postMessage({ user, token: token.content });
}
