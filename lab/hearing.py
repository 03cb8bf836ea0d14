"""What was to be heard in a recording: tones, found again after telephone codecs."""

import array
import math
import struct
from pathlib import Path

WINDOW_SECONDS = 0.05
# Share of a window's energy that must sit at the tone. Speech and other tones stay below 0.2;
# G.711, G.722 and Opus leave a pure tone above 0.9.
PURITY = 0.6
MIXED = 0.25  # two tones at once have about half of it each
QUIET = 60.0  # mean amplitude (of 32767) below which a window counts as silence


def hears(path: Path, hz: float, share: float = PURITY) -> float:
    """Seconds of the recording in which a tone of `hz` stands clear.

    `share` of the energy must be at the tone: MIXED where several speak at once.
    """
    rate, samples = read_wav(path)
    size = int(rate * WINDOW_SECONDS)
    found = sum(
        1
        for start in range(0, len(samples) - size + 1, size)
        if _is_tone(samples[start : start + size], hz, rate, share)
    )
    return found * WINDOW_SECONDS


def loud_seconds(path: Path) -> float:
    """Seconds of the recording that hold any sound: speech, music, tones."""
    rate, samples = read_wav(path)
    size = int(rate * WINDOW_SECONDS)
    windows = range(0, len(samples) - size + 1, size)
    return sum(_power(samples[s : s + size]) >= QUIET**2 for s in windows) * WINDOW_SECONDS


def read_wav(path: Path) -> tuple[int, "array.array[int]"]:
    """Rate and samples (first channel) of a 16-bit PCM WAV.

    A file still being written, or left by a killed process, has a header that says length 0:
    what is there after the header counts.
    """
    raw = path.read_bytes()
    if raw[:4] != b"RIFF" or raw[8:12] != b"WAVE":
        raise ValueError(f"{path} is not a WAV file")
    at, rate, channels = 12, 0, 1
    while at + 8 <= len(raw):
        name, length = struct.unpack_from("<4sI", raw, at)
        at += 8
        if name == b"fmt ":
            kind, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", raw, at)
            if kind not in {1, 0xFFFE} or bits != 16:
                raise ValueError(f"{path} is not 16-bit PCM")
        if name == b"data":
            end = min(at + length, len(raw)) if length else len(raw)
            end -= (end - at) % (2 * channels)
            samples = array.array("h", raw[at:end])
            return rate, samples[::channels]
        at += length + length % 2
    return rate or 8000, array.array("h")


def _power(window: "array.array[int]") -> float:
    return sum(s * s for s in window) / len(window)


def _is_tone(window: "array.array[int]", hz: float, rate: int, share: float) -> bool:
    """Goertzel: the share of the window's power that is at `hz`."""
    power = _power(window)
    if power < QUIET**2:
        return False
    factor = 2 * math.cos(2 * math.pi * hz / rate)
    before, now = 0.0, 0.0
    for sample in window:
        before, now = now, sample + factor * now - before
    at_tone = (now * now + before * before - factor * now * before) / len(window) ** 2
    return 2 * at_tone / power >= share
