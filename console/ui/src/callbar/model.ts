// The `desk` message as the server makes it (console/desk/state.py), and what follows from it.

import type { AudioCall, PhoneState, Problem } from "../softphone/types";

export type CallState = "dialling" | "ringing" | "up" | "held";

export interface DeskCall {
  key: string;
  direction: "in" | "out" | "internal";
  outgoing: boolean;
  state: CallState;
  number: string;
  display: string;
  name: string;
  customer_id: string;
  line: string;
  since: number; // ms since 1970, the server's clock
  rang_at: number | null;
  answered_at: number | null;
  clicked_by_me: boolean;
  my_leg: { id: string; state: string; browser: boolean; muted: boolean };
  recorded: "" | "on" | "paused" | "demand";
  can: Record<"answer" | "hang_up" | "hold" | "resume" | "transfer" | "complete" | "back" | "merge" | "keys" | "block", boolean>;
  parties: { name: string; how: "talks" | "waits" | "rings"; colleague: boolean }[];
  conference: boolean;
  limit: Limit | null;
  watchers: { name: string; mode: "listen" | "whisper" | "barge" }[];
}

/** The recommended length of a call, once it is near; ms since 1970, the server's clock. */
export interface Limit {
  warn_ms: number;
  end_ms: number;
  warned: boolean;
  over: boolean;
  can_extend: boolean;
  ends: boolean; // the call ends by itself
}

/** What rings at colleagues' phones (console/desk/board.py). */
export interface Ringing {
  calls: { key: string; at: string[]; caller: string; for: string[] | null }[];
}

export interface DeskAgent {
  id: string;
  name: string;
  extension: string;
  state: "offline" | "available" | "ringing" | "on_call";
  linked: boolean;
  device: "browser" | "desk";
  phone_up: boolean;
  phone_page: string;
  away: { kind: "away" | "wrap_up" } | null;
}

export interface Desk {
  kind: "desk";
  now: number;
  pbx: "up" | "down";
  agent: DeskAgent | null;
  calls: DeskCall[];
  hold_reminder_s: number;
}

/** The problems without which no call can be made or taken in this browser. */
export const BLOCKING: readonly Problem[] = [
  "insecure",
  "microphone-denied",
  "microphone-missing",
  "taken",
  "no-credentials",
];

const FIRST: readonly CallState[] = ["up", "dialling", "ringing", "held"];

/** The call that one is in on top, then the oldest. */
export function ordered(calls: readonly DeskCall[]): DeskCall[] {
  return [...calls].sort(
    (a, b) => FIRST.indexOf(a.state) - FIRST.indexOf(b.state) || a.since - b.since,
  );
}

/** Which audio of this browser belongs to which call: by Asterisk's id of the leg; where the
 * dialplan does not send it, by number, or because there is only one of each left. */
export function pair(calls: readonly DeskCall[], audio: readonly AudioCall[]): Map<string, AudioCall> {
  const found = new Map<string, AudioCall>();
  const free = new Set(audio);
  const take = (call: DeskCall, match: AudioCall | undefined): void => {
    if (!match) return;
    found.set(call.key, match);
    free.delete(match);
  };
  const browser = calls.filter((call) => call.my_leg.browser);
  const open = (): DeskCall[] => browser.filter((call) => !found.has(call.key));
  for (const call of browser) take(call, audio.find((one) => one.leg === call.my_leg.id));
  for (const call of open()) {
    take(call, [...free].find((one) => one.leg === "" && tail(one.number) === tail(call.number)));
  }
  const left = open();
  const silent = [...free].filter((one) => one.leg === "");
  if (left.length === 1 && silent.length === 1 && left[0]) take(left[0], silent[0]);
  return found;
}

function tail(number: string): string {
  return number.replace(/\D/g, "").slice(-8) || "?";
}

/** A word for the whole desk; its translation is in the page. */
export function deskState(desk: Desk | undefined, phone: PhoneState): string {
  if (!desk) return "connecting";
  if (!desk.agent) return "no-agent";
  if (!desk.agent.linked) return "off";
  const top = ordered(desk.calls)[0];
  if (top) return top.state;
  if (desk.pbx === "down") return "pbx-down";
  if (desk.agent.device === "browser") {
    if (phone.problems.some((problem) => BLOCKING.includes(problem))) return "phone-problem";
    if (phone.registration !== "registered") return "phone-connecting";
  } else if (!desk.agent.phone_up) {
    return "phone-away";
  }
  return desk.agent.state === "on_call" ? "on-other-phone" : "available";
}

/** The oldest call (or the one with that key) that rings at somebody else's phone and not at mine. */
export function toPickUp(ringing: Ringing, extension: string, key = ""): string {
  const mine = (call: Ringing["calls"][number]): boolean =>
    (key === "" || call.key === key) && !call.at.includes(extension) && call.caller !== extension && (call.for === null || call.for.includes(extension));
  return ringing.calls.find(mine)?.key ?? "";
}

/** With which of one's other calls this one can be merged. */
export function mergeable(calls: readonly DeskCall[], top: DeskCall | undefined): string {
  if (!top?.can.transfer) return "";
  return calls.find((call) => call.key !== top.key && call.can.transfer)?.key ?? "";
}

/** 0:07, 12:30, 1:02:03: written as everywhere in the console. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = String(seconds % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}
