"""Sound files that the lab's phones play: plain tones."""

import array
import math
import wave
from pathlib import Path

RATE = 8000
LEVEL = 8000  # of 32767: far from clipping after G.711


def write_tone(path: Path, hz: int, seconds: float, rate: int = RATE) -> Path:
    """Write a mono 16-bit WAV with a sine of `hz`; kept when it exists already."""
    if path.exists():
        return path
    # a whole number of periods in one second (hz is whole), so seconds can be strung together
    one = array.array(
        "h", (round(LEVEL * math.sin(2 * math.pi * hz * i / rate)) for i in range(rate))
    )
    partial = path.with_suffix(".part")
    with wave.open(str(partial), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        for _ in range(math.ceil(seconds)):
            out.writeframes(one.tobytes())
    partial.rename(path)
    return path
