// The registration with Asterisk: fresh credentials for each page, kept in memory only, and
// tried again with growing pauses whatever goes wrong.

import * as JsSIP from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";
import type { RTCSessionEvent } from "jssip/lib/UA";

import type { Credentials, Registration } from "./types";

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 30_000;
const EXPIRES_S = 300;

export interface Watcher {
  registration(state: Registration): void;
  trouble(thereIs: boolean): void;
  incoming(session: RTCSession, leg: string, auto: boolean): void;
  busy(): boolean;
}

export class Registrar {
  private agent: JsSIP.UA | undefined;
  private again: ReturnType<typeof setTimeout> | undefined;
  private pause = FIRST_PAUSE_MS;
  private stopped = true;

  constructor(
    private readonly credentials: () => Promise<Credentials>,
    private readonly watcher: Watcher,
  ) {
    JsSIP.debug.disable(); // whatever localStorage says: its log would hold the secret's digest
  }

  start(): void {
    this.stopped = false;
    this.pause = FIRST_PAUSE_MS;
    this.drop();
    void this.connect();
  }

  /** Ends the calls and takes the phone off Asterisk's list. */
  stop(): void {
    this.stopped = true;
    this.drop();
    this.watcher.registration("off");
  }

  private drop(): void {
    clearTimeout(this.again);
    this.again = undefined;
    this.agent?.stop();
    this.agent = undefined;
  }

  private async connect(): Promise<void> {
    this.watcher.registration(this.pause === FIRST_PAUSE_MS ? "connecting" : "retrying");
    let credentials: Credentials;
    try {
      credentials = await this.credentials();
    } catch {
      this.watcher.trouble(true);
      this.later();
      return;
    }
    if (this.stopped) return;
    this.watcher.trouble(false);
    const agent = make(credentials);
    this.agent = agent;
    this.listen(agent);
    agent.start();
  }

  private listen(agent: JsSIP.UA): void {
    agent.on("registered", () => {
      this.pause = FIRST_PAUSE_MS;
      this.watcher.registration("registered");
    });
    agent.on("disconnected", () => {
      // JsSIP connects again by itself
      if (agent === this.agent) this.watcher.registration("retrying");
    });
    agent.on("registrationFailed", ({ response }) => {
      if (agent !== this.agent) return;
      // No answer at all: the link is down, JsSIP goes on trying with what it has.
      if (!response) {
        this.watcher.registration("retrying");
        this.again ??= setTimeout(() => this.nudge(agent), LONGEST_PAUSE_MS);
        return;
      }
      this.refused(agent);
    });
    agent.on("newRTCSession", (event: RTCSessionEvent) => {
      if ((event.originator as string) !== "remote") return;
      if (agent !== this.agent) {
        // Asterisk dialled us before it took us off its list: left unanswered, the caller would
        // wait for a phone that is gone.
        event.session.terminate({ status_code: 480 });
        return;
      }
      const header = (name: string): string => event.request.getHeader(name) ?? "";
      this.watcher.incoming(event.session, header("X-Pbxd-Leg"), header("X-Pbxd-Auto") === "yes");
    });
  }

  // The secret is no longer good (or Asterisk is still loading): the next try brings a fresh one.
  private refused(agent: JsSIP.UA): void {
    if (agent !== this.agent) return;
    if (this.watcher.busy()) {
      // stopping would cut the call, whose audio needs no registration
      this.again = setTimeout(() => this.refused(agent), FIRST_PAUSE_MS);
      return;
    }
    agent.stop();
    this.agent = undefined;
    this.later();
  }

  private nudge(agent: JsSIP.UA): void {
    this.again = undefined;
    if (agent === this.agent && agent.isConnected() && !agent.isRegistered()) agent.register();
  }

  private later(): void {
    this.watcher.registration("retrying");
    clearTimeout(this.again);
    this.again = setTimeout(() => {
      this.again = undefined;
      if (!this.stopped) void this.connect();
    }, this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
  }
}

function make(credentials: Credentials): JsSIP.UA {
  return new JsSIP.UA({
    sockets: [new JsSIP.WebSocketInterface(credentials.ws_url)],
    uri: credentials.uri,
    authorization_user: credentials.user,
    password: credentials.secret,
    register: true,
    register_expires: EXPIRES_S,
    session_timers: false,
    connection_recovery_min_interval: FIRST_PAUSE_MS / 1000,
    connection_recovery_max_interval: LONGEST_PAUSE_MS / 1000,
    user_agent: "pbxd console",
  });
}
