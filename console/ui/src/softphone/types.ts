// What the browser phone is made of, as values that can be sent from tab to tab.

export interface Credentials {
  uri: string;
  user: string;
  secret: string;
  ws_url: string;
}

export type Registration = "off" | "connecting" | "registered" | "retrying";

export type Problem =
  | "insecure" // neither HTTPS nor this very machine: the browser gives no microphone
  | "microphone-ask" // the browser wants a click before it asks
  | "microphone-denied"
  | "microphone-missing"
  | "microphone-busy"
  | "sound-blocked" // no ring before the first click in this page
  | "no-credentials" // pbxd could not prepare the phone; it is tried again
  | "taken" // the same phone was opened in another browser
  | "audio-failed"; // the call could not be set up with this browser

export interface AudioCall {
  id: string;
  leg: string; // Asterisk's uniqueid of our channel, "" when the dialplan does not tell
  number: string;
  state: "ringing" | "connecting" | "up";
  muted: boolean;
  held: boolean; // we put the other side on hold
  auto: boolean; // Asterisk says that this phone's owner has said yes already
}

export interface Device {
  id: string;
  label: string;
}

export type Place = "microphone" | "headset" | "speaker" | "ring";

export interface Devices {
  microphones: Device[];
  outputs: Device[];
  canChooseOutput: boolean;
  chosen: Record<Place, string>;
  onSpeaker: boolean; // the call is heard on the speaker instead of the headset
}

export interface PhoneState {
  registration: Registration;
  problems: Problem[];
  calls: AudioCall[];
  devices: Devices;
}

export type Press =
  | { verb: "answer"; id: string }
  | { verb: "hang-up"; id: string }
  | { verb: "mute"; id: string; on: boolean }
  | { verb: "hold"; id: string; on: boolean }
  | { verb: "remind" }
  | { verb: "tones"; id: string; tones: string }
  | { verb: "choose"; place: Place; device: string }
  | { verb: "on-speaker"; on: boolean }
  | { verb: "ask-microphone" }
  | { verb: "reclaim" };

export const SILENT: PhoneState = {
  registration: "off",
  problems: [],
  calls: [],
  devices: {
    microphones: [],
    outputs: [],
    canChooseOutput: false,
    chosen: { microphone: "", headset: "", speaker: "", ring: "" },
    onSpeaker: false,
  },
};
