"""Taking a recording in: from Asterisk's raw file to what is kept, on one core.

Beside it the encoder alone, on the same file: what waveform, loudness and checksum cost.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks import tell
from pbxd.recordings import sound

LIMIT = 60.0  # times real time on one core


def speech(file: Path, seconds: int) -> None:
    """Noise in syllables, one side after the other: as hard for the encoder as people are."""
    chance = np.random.default_rng(7)
    moments = seconds * sound.RATE
    syllables = np.repeat(chance.random(moments // 2000 + 1), 2000)[:moments]
    voice = chance.normal(0, 3000, (moments, 2)) * syllables[:, None]
    voice[: moments // 2, 0] *= 0.05
    voice[moments // 2 :, 1] *= 0.05
    voice.clip(-32768, 32767).astype("<i2").tofile(file)


def measure(seconds: int, rounds: int) -> None:
    """In turns, then the medians."""
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "rec.raw"
        speech(raw, seconds)
        whole: list[float] = []
        alone: list[float] = []
        mp3: list[float] = []
        for _ in range(rounds):
            for suffix, found in ((".opus", whole), (".mp3", mp3)):
                begun = time.process_time()
                made = sound.convert(raw, Path(folder) / f"out{suffix}", 0)
                found.append(made.seconds / (time.process_time() - begun))
            samples = np.memmap(raw, dtype="<i2", mode="r").reshape(-1, 2)
            begun = time.process_time()
            sound._encode(samples, Path(folder) / "alone.opus", ".opus")
            alone.append(seconds / (time.process_time() - begun))
    speed, encoder = statistics.median(whole), statistics.median(alone)
    print(f"{seconds} s of a call: {speed:.0f}× real time on one core")
    print(f"the Opus encoder alone {encoder:.0f}×, MP3 whole {statistics.median(mp3):.0f}×")
    tell(
        "ingest",
        speed,
        "× real time",
        ratio=speed / encoder,
        against="the encoder alone",
        target=LIMIT,
        passed=speed >= LIMIT,
    )


def main() -> None:
    """Run by hand."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    measure(*((120, 3) if parser.parse_args().quick else (1200, 5)))


if __name__ == "__main__":
    main()
