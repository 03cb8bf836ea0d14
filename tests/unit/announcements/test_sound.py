"""Any sound file becomes what Asterisk plays; what is none is refused in words."""

from __future__ import annotations

import io
import math
import struct
import wave

import av
import pytest

from pbxd.announcements.sound import convert, speak
from pbxd.announcements.texts import text_of, texts
from pbxd.errors import InvalidInput


def tone(seconds: float, rate: int = 44100, channels: int = 2) -> bytes:
    """A stereo WAV as a recorder makes it."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        one = (
            round(9000 * math.sin(2 * math.pi * 440 * i / rate)) for i in range(int(seconds * rate))
        )
        out.writeframes(b"".join(struct.pack("<h", value) * channels for value in one))
    return file.getvalue()


def encoded(data: bytes, container: str, codec: str, rate: int) -> bytes:
    """The same as MP3, M4A, OGG."""
    file = io.BytesIO()
    with av.open(io.BytesIO(data)) as source, av.open(file, "w", format=container) as target:
        stream = target.add_stream(codec, rate=rate)
        for frame in source.decode(audio=0):
            frame.pts = None
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return file.getvalue()


def read(data: bytes) -> tuple[int, int, int, float]:
    with wave.open(io.BytesIO(data)) as sound:
        frames = sound.getnframes()
        rate = sound.getframerate()
        return sound.getnchannels(), sound.getsampwidth(), rate, frames / rate


@pytest.mark.parametrize(
    ("container", "codec", "rate"),
    [
        ("wav", "", 0),
        ("mp3", "libmp3lame", 44100),
        ("mp4", "aac", 44100),
        ("ogg", "libopus", 48000),
    ],
)
def test_every_usual_kind(container: str, codec: str, rate: int) -> None:
    data = tone(1.5, rate or 44100)
    sound = convert(data if not codec else encoded(data, container, codec, rate))
    assert read(sound.narrow)[:3] == (1, 2, 8000)
    assert read(sound.wide)[:3] == (1, 2, 16000)
    assert sound.seconds == pytest.approx(1.5, abs=0.1)
    assert read(sound.wide)[3] == pytest.approx(sound.seconds, abs=0.05)
    samples = struct.unpack(f"<{len(sound.narrow[44:]) // 2}h", sound.narrow[44:])
    assert max(samples) > 4000, "it can be heard"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "sound-unreadable"),
        (b"no sound at all" * 50, "sound-unreadable"),
        (tone(1)[:30], "sound-unreadable"),
        (tone(0.05), "sound-empty"),
        (tone(181, 8000, 1), "sound-long"),
    ],
    ids=["nothing", "text", "cut", "blink", "endless"],
)
def test_what_cannot_be_used_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        convert(data)
    assert refusal.value.id == why
    assert refusal.value.field == "file"


@pytest.mark.parametrize("language", ["ko", "zh", "en"])
def test_texts_are_spoken_in_each_language(language: str) -> None:
    assert speak(text_of("limit-end", language), language).seconds > 2


def test_a_text_that_looks_like_an_option_is_only_text() -> None:
    assert speak("--version -f /etc/passwd", "en").seconds > 0.5


def test_every_text_is_there_in_three_languages() -> None:
    assert all(set(one) == {"ko", "zh", "en"} for one in texts().values())
    assert text_of("warn-shouting", "ko") == text_of("warn-abuse", "ko")
