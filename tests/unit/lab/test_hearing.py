"""Tone detection: it must not hear what is not there."""

import array
import random
import wave
from pathlib import Path

import pytest

from lab.hearing import hears, loud_seconds
from lab.rtp import TABLE, _encoded
from lab.sound import write_tone


def write(path: Path, samples: "array.array[int]", rate: int = 8000) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples.tobytes())
    return path


@pytest.mark.parametrize("rate", [8000, 16000, 48000])
@pytest.mark.parametrize("hz", [300, 440, 525, 880])
def test_a_tone_is_heard_for_as_long_as_it_sounds(tmp_path: Path, hz: int, rate: int) -> None:
    tone = write_tone(tmp_path / "tone.wav", hz, 2, rate)
    assert hears(tone, hz) == pytest.approx(2, abs=0.11)


@pytest.mark.parametrize("other", [475, 575, 660, 1050])
def test_another_tone_is_not_heard(tmp_path: Path, other: int) -> None:
    assert hears(write_tone(tmp_path / "tone.wav", other, 2), 525) == 0


def test_noise_and_silence_are_no_tone(tmp_path: Path) -> None:
    dice = random.Random(1)  # noqa: S311
    noise = array.array("h", (dice.randint(-8000, 8000) for _ in range(16000)))
    assert hears(write(tmp_path / "noise.wav", noise), 440) == 0
    assert loud_seconds(tmp_path / "noise.wav") == pytest.approx(2, abs=0.11)
    silence = array.array("h", bytes(32000))
    assert hears(write(tmp_path / "silence.wav", silence), 440) == 0
    assert loud_seconds(tmp_path / "silence.wav") == 0


def test_a_file_cut_off_in_the_middle_still_tells(tmp_path: Path) -> None:
    """A killed process leaves a header that says length 0."""
    raw = bytearray(write_tone(tmp_path / "tone.wav", 440, 2).read_bytes())
    raw[40:44] = bytes(4)
    (tmp_path / "cut.wav").write_bytes(raw[:20_001])
    assert hears(tmp_path / "cut.wav", 440) == pytest.approx(1.2, abs=0.11)


def test_g711_comes_back_within_a_step(tmp_path: Path) -> None:
    for sample in range(-32000, 32000, 37):
        back = TABLE[_encoded(sample)]
        assert abs(back - sample) <= max(16, abs(sample) * 0.07)
