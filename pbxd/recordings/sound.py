"""From what Asterisk wrote to what is kept. Blocking and without state: runs in a worker process.

The raw file is 16-bit signed little-endian at 8 kHz, two channels interleaved (MixMonitor's option
D): left what the customer said, right what he heard. It has no header, so that a crash at any
moment leaves all that was written. A message (`.wav`) has one channel and the header that
Asterisk's format_wav writes; its lengths are filled in at the end, so they are not relied on.
"""

from __future__ import annotations

import hashlib
import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import av
import numpy as np

from pbxd.recordings.sealed import seal

RATE = 8000
SAMPLE = 2  # bytes
_WAV = struct.Struct("<4s4x4s4sIHHIIHH4s4x")
_SPOKEN = (b"RIFF", b"WAVE", b"fmt ", 16, 1, 1, RATE, RATE * SAMPLE, SAMPLE, 8 * SAMPLE, b"data")
CHUNK = RATE * 10  # moments at a time: memory does not grow with the length
BUCKETS = 2000  # of the waveform, a channel
FLOOR_DB = -96.0


@dataclass(frozen=True, slots=True)
class Made:
    """One converted file."""

    seconds: float
    size: int
    sha256: str
    peaks: bytes  # 2 × BUCKETS at most, 0–255: left ones, then right ones
    left_db: float  # of the loudest tenth of a second
    right_db: float
    damaged: bool  # half a moment at the end: cut off while being written


def raw_seconds(file: Path) -> float:
    """How long a raw file or a message plays."""
    header, channels = _form(file)
    return max(0, file.stat().st_size - header) // (channels * SAMPLE) / RATE


def convert(raw: Path, out: Path, lead_seconds: float, key: bytes | None = None) -> Made:
    """Write `out` (.opus or .mp3), without the first `lead_seconds`; it is whole or not there.

    With a key `out` is sealed; size and checksum are those of the sound itself. Raises OSError (no
    space), ValueError and av.FFmpegError (it cannot be read).
    """
    header, channels = _form(raw)
    moment, size = channels * SAMPLE, raw.stat().st_size - header
    skip = max(0, round(lead_seconds * RATE))
    count = max(0, size // moment - skip)
    if count == 0:
        raise ValueError("nothing was recorded")
    if header:
        _check(raw)
    samples: np.ndarray[Any, np.dtype[np.int16]] = np.memmap(
        raw, dtype="<i2", mode="r", offset=header + skip * moment, shape=(count, channels)
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    unfinished = out.with_name(f".{out.name}")
    try:
        _encode(samples, unfinished, ".mp3" if ".mp3" in out.suffixes else out.suffix)
        with unfinished.open("rb") as written:
            digest = hashlib.file_digest(written, "sha256").hexdigest()
            os.fsync(written.fileno())
        length = unfinished.stat().st_size
        if key is None:
            unfinished.replace(out)
        else:
            seal(unfinished, out, key)
    finally:
        unfinished.unlink(missing_ok=True)
    left = _measure(samples, 0)
    right = _measure(samples, 1) if channels == 2 else (bytes(len(left[0])), FLOOR_DB)
    return Made(
        seconds=count / RATE,
        size=length,
        sha256=digest,
        peaks=left[0] + right[0],
        left_db=left[1],
        right_db=right[1],
        damaged=size % moment != 0,
    )


def _form(raw: Path) -> tuple[int, int]:
    """Bytes of its header, and how many channels it has."""
    return (_WAV.size, 1) if raw.suffix == ".wav" else (0, 2)


def _check(message: Path) -> None:
    with message.open("rb") as file:
        if _WAV.unpack(file.read(_WAV.size)) != _SPOKEN:
            raise ValueError("no message of 8 kHz, 16 bit, one channel")


def _encode(samples: np.ndarray[Any, np.dtype[np.int16]], out: Path, suffix: str) -> None:
    form, codec, rate = (
        ("mp3", "libmp3lame", 24_000) if suffix == ".mp3" else ("ogg", "libopus", 16_000)
    )
    channels = samples.shape[1]
    layout = "stereo" if channels == 2 else "mono"
    with av.open(str(out), mode="w", format=form) as container:
        stream = cast(av.AudioStream, container.add_stream(codec, rate=RATE))
        stream.layout = layout
        stream.bit_rate = rate * channels
        for start in range(0, len(samples), CHUNK):
            part = np.ascontiguousarray(samples[start : start + CHUNK]).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(part, format="s16", layout=layout)
            frame.sample_rate = RATE
            frame.pts = start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _measure(samples: np.ndarray[Any, np.dtype[np.int16]], channel: int) -> tuple[bytes, float]:
    """The waveform, and the loudest tenth of a second in dB."""
    count = len(samples)
    width = max(1, -(-count // BUCKETS))
    peaks = bytearray()
    loudest = 0.0
    tenth = RATE // 10
    step = max(width, CHUNK // width * width)
    for start in range(0, count, step):
        part = samples[start : start + step, channel].astype(np.float32)
        edges = np.arange(0, len(part), width)
        highest = np.maximum.reduceat(np.abs(part), edges)
        # the square root shows quiet voices too
        peaks += (np.sqrt(np.minimum(highest / 32768, 1)) * 255).astype(np.uint8).tobytes()
        whole = part[: len(part) // tenth * tenth].reshape(-1, tenth)
        if len(whole):
            loudest = max(loudest, float(np.sqrt(np.mean(whole * whole, axis=1)).max()))
    level = 20 * float(np.log10(loudest / 32768)) if loudest > 1 else FLOOR_DB
    return bytes(peaks), round(max(level, FLOOR_DB), 1)
