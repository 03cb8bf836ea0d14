// The microphone: may we, is there one, and if not, why (a word the call bar explains).

import type { Problem } from "./types";

export type Microphone = { stream: MediaStream } | { problem: Problem };

export function insecure(): boolean {
  return !window.isSecureContext || navigator.mediaDevices === undefined;
}

/** What stands in the way, without asking the user anything; "" when nothing is known to. */
export async function obstacle(): Promise<Problem | ""> {
  if (insecure()) return "insecure";
  const permission = await permissionState();
  if (permission === "denied") return "microphone-denied";
  const devices = await navigator.mediaDevices.enumerateDevices();
  if (!devices.some((device) => device.kind === "audioinput")) return "microphone-missing";
  return permission === "prompt" ? "microphone-ask" : "";
}

/** Opens the microphone `device` ("" = any); an unplugged one is replaced by the default. */
export async function openMicrophone(device: string): Promise<Microphone> {
  if (insecure()) return { problem: "insecure" };
  const audio: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true };
  if (device !== "") audio.deviceId = { ideal: device };
  try {
    return { stream: await navigator.mediaDevices.getUserMedia({ audio, video: false }) };
  } catch (error) {
    return { problem: reason(error) };
  }
}

export function closeMicrophone(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** Calls `changed` when the user changes the permission in the browser's own settings. */
export async function watchPermission(changed: () => void): Promise<void> {
  try {
    const status = await navigator.permissions.query({ name: "microphone" as PermissionName });
    status.addEventListener("change", changed);
  } catch {
    // a browser that does not know this name: the next call tells
  }
}

async function permissionState(): Promise<PermissionState> {
  try {
    return (await navigator.permissions.query({ name: "microphone" as PermissionName })).state;
  } catch {
    return "granted"; // unknown is not an obstacle: opening it will tell
  }
}

function reason(error: unknown): Problem {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "microphone-denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "microphone-missing";
  return "microphone-busy";
}
