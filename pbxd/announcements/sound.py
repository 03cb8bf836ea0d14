"""Any audio file, or a text, as a sound that Asterisk plays. Blocking: call it in a thread."""

from __future__ import annotations

import io
import shutil
import subprocess
import wave

import av
from av.audio.resampler import AudioResampler

from pbxd.announcements.model import LONGEST_SECONDS, Sound
from pbxd.errors import InvalidInput

VOICES = {"ko": "ko", "zh": "cmn", "en": "en-us"}
SPEAK_S = 30.0
_SHORTEST_S = 0.2


def convert(data: bytes) -> Sound:
    """Whatever a recorder or a telephone makes (WAV, MP3, M4A, OGG …). Raises InvalidInput."""
    narrow, wide = _decode(data, 8000), _decode(data, 16000)
    seconds = len(narrow) / 2 / 8000
    if seconds < _SHORTEST_S:
        raise InvalidInput("sound-empty", "There is nothing to hear in this file.", field="file")
    return Sound(_wav(narrow, 8000), _wav(wide, 16000), seconds)


def speak(text: str, language: str) -> Sound:
    """The text in the machine's voice. Raises InvalidInput (nothing to say, no voice installed)."""
    program = shutil.which("espeak-ng")
    if program is None:
        raise InvalidInput(
            "no-voice", "The server has no voice: install the package espeak-ng.", field="text"
        )
    command = [program, "-v", VOICES[language], "-s", "150", "--stdin", "--stdout"]
    done = subprocess.run(
        command, input=text.encode(), capture_output=True, timeout=SPEAK_S, check=False
    )
    if done.returncode != 0 or not done.stdout:
        raise InvalidInput("not-spoken", "This text could not be spoken.", field="text")
    return convert(done.stdout)


def _decode(data: bytes, rate: int) -> bytes:
    """Mono 16-bit samples at `rate`."""
    resampler = AudioResampler(format="s16", layout="mono", rate=rate)
    out = bytearray()
    try:
        with av.open(io.BytesIO(data), mode="r") as container:
            if not container.streams.audio:
                raise _unreadable()
            for frame in container.decode(audio=0):
                _take(out, resampler.resample(frame), rate)
            _take(out, resampler.resample(None), rate)
    except (av.FFmpegError, ValueError, EOFError) as problem:
        raise _unreadable() from problem
    return bytes(out)


def _take(out: bytearray, frames: list[av.AudioFrame], rate: int) -> None:
    for frame in frames:
        out += bytes(frame.planes[0])[: frame.samples * 2]
    if len(out) > LONGEST_SECONDS * rate * 2:
        raise InvalidInput("sound-long", "An announcement is at most 3 minutes long.", field="file")


def _unreadable() -> InvalidInput:
    return InvalidInput(
        "sound-unreadable",
        "This is no sound file that can be read. Try WAV, MP3 or M4A.",
        field="file",
    )


def _wav(samples: bytes, rate: int) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples)
    return file.getvalue()
