"""Names, beginnings, pauses and plausibility of recordings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxd.recordings import rules
from pbxd.recordings.model import Fault, Kind

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def test_a_raw_files_name() -> None:
    found = rules.raw("rec-office-1763697600.12_1763697601.raw")
    assert found is not None
    assert found.channel == "office-1763697600.12"
    assert found.begun == datetime.fromtimestamp(1763697601, UTC)


@pytest.mark.parametrize("channel", ["1763697600.12", "office-1763697600.12"])
def test_a_messages_name(channel: str) -> None:
    found = rules.raw(f"{channel}.wav")
    assert found is not None
    assert (found.channel, found.kind) == (channel, Kind.MESSAGE)
    assert found.begun == datetime.fromtimestamp(1763697600, UTC)


@pytest.mark.parametrize(
    "name", ["rec-.raw", "rec-1_2.wav", "../rec-1_2.raw", "rec-1/2_3.raw", "1.1.wav", "rec-a_b.raw"]
)
def test_other_files_are_left_alone(name: str) -> None:
    assert rules.raw(name) is None


@given(st.text(max_size=200))
def test_no_name_breaks_it(name: str) -> None:
    rules.raw(name)


@pytest.mark.parametrize(
    ("seconds", "talk", "left", "right", "damaged", "expected"),
    [
        (60.0, 60.0, -20.0, -20.0, False, ()),
        (61.5, 60.0, -20.0, -20.0, False, ()),
        (50.0, 60.0, -20.0, -20.0, False, (Fault.LENGTH,)),
        (3540.0, 3600.0, -20.0, -20.0, False, ()),
        (60.0, None, -20.0, -20.0, False, (Fault.NO_CALL,)),
        (60.0, 60.0, -90.0, -20.0, False, (Fault.LEFT_SILENT,)),
        (60.0, 60.0, -20.0, -60.0, True, (Fault.RIGHT_SILENT, Fault.DAMAGED)),
    ],
)
def test_what_cannot_be_right(
    seconds: float,
    talk: float | None,
    left: float,
    right: float,
    damaged: bool,
    expected: tuple[Fault, ...],
) -> None:
    assert rules.faults(seconds, talk, left, right, damaged) == expected


def test_pauses_in_seconds_of_the_recording() -> None:
    def at(seconds: float) -> datetime:
        return NOW + timedelta(seconds=seconds)

    pauses = [(at(-5), at(2)), (at(10), at(12.5)), (at(50), None), (at(90), at(95))]
    assert rules.offsets(pauses, NOW, 60) == ((0.0, 2.0), (10.0, 12.5), (50.0, 60))


def test_before_the_answer_is_not_kept() -> None:
    assert rules.lead(70, 60) == 10
    assert rules.lead(59, 60) == 0
