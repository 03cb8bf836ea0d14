// What the person at the desk wants, sent to the server; the answer is always in their words.

import type { Credentials } from "../softphone/types";

export interface Answer {
  result: "ok" | "refused" | "timed_out" | "link_lost";
  reason: string;
}

/** One id a press: the server does a command once, however often it arrives. */
export function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

export class Commands {
  constructor(private readonly unreachable: string) {}

  /** `callback`: the item of the list of callbacks that this call is to settle. */
  dial(number: string, customer: string, callback: string): Promise<Answer> {
    return this.ask("/desk/dial", { number, customer_id: customer, callback_id: callback, command_id: newId() });
  }

  answer(call: string): Promise<Answer> {
    return this.ask("/desk/answer", { call, command_id: newId() });
  }

  hangUp(call: string): Promise<Answer> {
    return this.ask("/desk/hang-up", { call, command_id: newId() });
  }

  /** A verb on one call, with what it needs besides. */
  verb(verb: string, call: string, more: Record<string, unknown> = {}): Promise<Answer> {
    return this.ask(`/desk/${verb}`, { call, command_id: newId(), ...more });
  }

  link(on: boolean): Promise<Answer> {
    return this.ask("/desk/link", { on });
  }

  device(kind: "browser" | "desk"): Promise<Answer> {
    return this.ask("/desk/device", { kind });
  }

  pop(what: "close" | "pin" | "choose", body: Record<string, unknown>): Promise<Answer> {
    return this.ask(`/desk/pop/${what}`, body);
  }

  /** Fresh SIP credentials: held in memory by the softphone, nowhere else. */
  async credentials(page: string): Promise<Credentials> {
    const response = await post("/desk/phone", { page });
    if (!response.ok) throw new Error(`no credentials: ${response.status}`);
    return (await response.json()) as Credentials;
  }

  private async ask(path: string, body: Record<string, unknown>): Promise<Answer> {
    try {
      const response = await post(path, body);
      const answer: unknown = await response.json();
      if (typeof answer === "object" && answer !== null && "result" in answer) return answer as Answer;
    } catch {
      // no network, or a proxy's error page instead of an answer
    }
    return { result: "link_lost", reason: this.unreachable };
  }
}

export function post(path: string, body: Record<string, unknown>): Promise<Response> {
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
  return fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": token, Accept: "application/json" },
    body: JSON.stringify(body),
  });
}
