"""What a browser says and hears in a call: a microphone made of a file, and a recording of the
other side, taken from the page's own peer connection."""

from __future__ import annotations

import base64
import wave
from pathlib import Path

from playwright.async_api import Page

from lab.sound import write_tone

RATE = 16_000

# Keeps, as 16-bit PCM at RATE, what arrives on the audio track of every call of the page.
LISTEN = """
(() => {
  const Original = window.RTCPeerConnection;
  const heard = [];
  window.pbxdHeard = heard;
  window.RTCPeerConnection = class extends Original {
    constructor(...args) {
      super(...args);
      (window.pcs ??= []).push(this);
      const pieces = [];
      heard.push(pieces);
      this.addEventListener("track", (event) => {
        const context = new AudioContext({ sampleRate: RATE });
        const source = context.createMediaStreamSource(new MediaStream([event.track]));
        const tap = context.createScriptProcessor(4096, 1, 1);
        tap.onaudioprocess = ({ inputBuffer }) => {
          const floats = inputBuffer.getChannelData(0);
          pieces.push(Int16Array.from(floats, (value) => Math.max(-1, Math.min(1, value)) * 32767));
        };
        source.connect(tap).connect(context.destination);
      });
    }
  };
})();
""".replace("RATE", str(RATE))

TAKE = """
() => {
  const pieces = window.pbxdHeard.at(-1) ?? [];
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.byteLength, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(new Uint8Array(piece.buffer), at);
    at += piece.byteLength;
  }
  let text = "";
  for (let i = 0; i < bytes.length; i += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  }
  return btoa(text);
}
"""


async def heard_in(page: Page, file: Path) -> Path:
    """Write what the page heard so far in its latest call to `file` (WAV)."""
    pcm = base64.b64decode(await page.evaluate(TAKE))
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(pcm)
    return file


def voice(folder: Path, hz: int) -> Path:
    """A microphone's sound: a tone of `hz`, looped by Chromium."""
    return write_tone(folder / f"voice-{hz}.wav", hz, 20, rate=48_000)
