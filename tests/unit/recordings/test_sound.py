"""Raw stereo into what is kept: sides, seconds, loudness, waveform; long, empty and cut files."""

from __future__ import annotations

import io
import wave
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from pbxd.recordings import sound

A, B = 440, 880


def tone(
    hz: float, seconds: float, level: float = 0.3
) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    moments = np.arange(round(seconds * sound.RATE)) / sound.RATE
    made: np.ndarray[tuple[int], np.dtype[np.int16]] = (
        np.sin(2 * np.pi * hz * moments) * 32767 * level
    ).astype("<i2")
    return made


def raw(
    file: Path,
    left: np.ndarray[tuple[int], np.dtype[np.int16]],
    right: np.ndarray[tuple[int], np.dtype[np.int16]],
) -> Path:
    np.column_stack([left, right]).astype("<i2").tofile(file)
    return file


def message(
    file: Path, said: np.ndarray[tuple[int], np.dtype[np.int16]], *, closed: bool = True
) -> Path:
    """As Asterisk's Record writes it; not `closed`: it died, the header says nothing yet."""
    head = io.BytesIO()
    with wave.open(head, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(sound.RATE)
        out.writeframes(said.tobytes())
    data = head.getvalue()
    if not closed:
        data = data[:4] + b"\0\0\0\0" + data[8:40] + b"\0\0\0\0" + data[44:]
    file.write_bytes(data)
    return file


def heard(file: Path) -> tuple[float, list[float]]:
    """Seconds of a kept file, and the loudest frequency of each side."""
    parts = []
    with av.open(str(file)) as container:
        rate = 0
        for frame in container.decode(audio=0):
            rate = frame.sample_rate
            data = frame.to_ndarray()
            parts.append(data.reshape(-1, 2).T if data.shape[0] == 1 else data)
    samples = np.concatenate(parts, axis=1).astype(float)
    loudest = []
    for side in samples:
        power = np.abs(np.fft.rfft(side))
        loudest.append(float(np.argmax(power) * rate / len(side)))
    return samples.shape[1] / rate, loudest


@pytest.mark.parametrize("suffix", [".opus", ".mp3"])
def test_both_sides_at_their_place(tmp_path: Path, suffix: str) -> None:
    made = sound.convert(
        raw(tmp_path / "r.raw", tone(A, 5), tone(B, 5)), tmp_path / f"out{suffix}", 0
    )
    seconds, (left, right) = heard(tmp_path / f"out{suffix}")
    assert seconds == pytest.approx(5, abs=0.15)
    assert (left, right) == (pytest.approx(A, abs=3), pytest.approx(B, abs=3))
    assert made.seconds == 5
    assert made.left_db == pytest.approx(-13.5, abs=0.5)
    assert (tmp_path / f"out{suffix}").stat().st_size == made.size


def test_the_beginning_is_cut_off(tmp_path: Path) -> None:
    waiting, talk = tone(300, 3), tone(A, 2)
    both = np.concatenate([waiting, talk])
    made = sound.convert(raw(tmp_path / "r.raw", both, both), tmp_path / "out.opus", 3)
    assert made.seconds == 2
    assert heard(tmp_path / "out.opus")[1][0] == pytest.approx(A, abs=3)


def test_a_waveform_of_any_length(tmp_path: Path) -> None:
    for seconds in (0.01, 1, 61, 700):
        quiet = np.zeros(round(seconds * sound.RATE), dtype="<i2")
        loud = quiet + np.int16(32767)
        made = sound.convert(raw(tmp_path / "r.raw", loud, quiet), tmp_path / "out.opus", 0)
        half = len(made.peaks) // 2
        assert 0 < half <= sound.BUCKETS
        assert set(made.peaks[:half]) == {254} or set(made.peaks[:half]) == {255}
        assert set(made.peaks[half:]) == {0}
        assert made.right_db == sound.FLOOR_DB


def test_a_file_that_was_cut_off_is_kept_to_its_last_moment(tmp_path: Path) -> None:
    file = raw(tmp_path / "r.raw", tone(A, 1), tone(B, 1))
    with file.open("ab") as more:
        more.write(b"\1\2")
    made = sound.convert(file, tmp_path / "out.opus", 0)
    assert (made.seconds, made.damaged) == (1, True)


@pytest.mark.parametrize("content", [b"", b"\0\0"])
def test_an_empty_file_makes_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "r.raw").write_bytes(content)
    with pytest.raises(ValueError, match="nothing"):
        sound.convert(tmp_path / "r.raw", tmp_path / "out.opus", 0)
    assert list(tmp_path.iterdir()) == [tmp_path / "r.raw"]


def test_no_space_leaves_nothing_half_written(tmp_path: Path) -> None:
    file = raw(tmp_path / "r.raw", tone(A, 1), tone(B, 1))
    folder = tmp_path / "full"
    folder.mkdir()
    (folder / ".out.opus").symlink_to("/dev/full")
    with pytest.raises((OSError, av.FFmpegError)):
        sound.convert(file, folder / "out.opus", 0)
    assert list(folder.iterdir()) == []
    assert file.exists()


@pytest.mark.parametrize("suffix", [".opus", ".mp3"])
@pytest.mark.parametrize("closed", [True, False])
def test_a_message_has_one_side(tmp_path: Path, suffix: str, closed: bool) -> None:
    said = message(tmp_path / "1.1.wav", tone(A, 3), closed=closed)
    assert sound.raw_seconds(said) == 3
    made = sound.convert(said, tmp_path / f"out{suffix}", 0)
    with av.open(str(tmp_path / f"out{suffix}")) as container:
        assert container.streams.audio[0].layout.name == "mono"
        parts = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
        rate = container.streams.audio[0].rate
    samples = np.concatenate(parts).astype(float)
    power = np.abs(np.fft.rfft(samples))
    assert np.argmax(power) * rate / len(samples) == pytest.approx(A, abs=3)
    assert (made.seconds, made.damaged) == (3, False)
    assert made.left_db > -20
    half = len(made.peaks) // 2
    assert max(made.peaks[:half]) > 100
    assert not any(made.peaks[half:])


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"OggS" + data[4:],
        lambda data: data[:22] + b"\2\0" + data[24:],  # two channels
        lambda data: data[:24] + b"\x80\x3e\0\0" + data[28:],  # 16 kHz
    ],
)
def test_no_other_file_is_taken_for_a_message(
    tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    file = message(tmp_path / "1.1.wav", tone(A, 1))
    file.write_bytes(change(file.read_bytes()))
    with pytest.raises(ValueError, match="no message"):
        sound.convert(file, tmp_path / "out.opus", 0)
