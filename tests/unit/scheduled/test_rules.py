"""The manual's presets, wherever the office is; tries come to an end."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxd.config import ScheduledSettings
from pbxd.errors import InvalidInput
from pbxd.scheduled.model import Preset, ScheduledCall, State
from pbxd.scheduled.rules import after_failure, check_due, preset_time, remind_at, too_late

ZONES = [ZoneInfo(name) for name in ("Asia/Seoul", "Asia/Taipei", "America/New_York")]
moments = st.timedeltas(timedelta(0), timedelta(days=7000)).map(lambda after: FIRST + after)
FIRST = datetime(2020, 1, 1, tzinfo=UTC)
SETTINGS = ScheduledSettings()
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


@given(moments, st.sampled_from(ZONES))
def test_tomorrow_is_the_offices(now: datetime, zone: ZoneInfo) -> None:
    for preset, at in (
        (Preset.MORNING, time(9, 30)),
        (Preset.LUNCH, time(12, 10)),
        (Preset.EVENING, time(18, 10)),
    ):
        local = preset_time(preset, now, zone).astimezone(zone)
        assert local.time() == at
        assert local.date() == now.astimezone(zone).date() + timedelta(days=1)
        assert preset_time(preset, now, zone) > now


@given(moments, st.sampled_from(ZONES))
def test_in_a_while(now: datetime, zone: ZoneInfo) -> None:
    waits = {Preset.HALF_HOUR: 30, Preset.HOUR: 60, Preset.THREE_HOURS: 180}
    for preset, minutes in waits.items():
        assert preset_time(preset, now, zone) - now == timedelta(minutes=minutes)


@pytest.mark.parametrize("due", [NOW, NOW - timedelta(seconds=1), NOW + timedelta(days=400)])
def test_times_that_cannot_be(due: datetime) -> None:
    with pytest.raises(InvalidInput):
        check_due(due, NOW)


def call(**more: object) -> ScheduledCall:
    made = ScheduledCall("1", "a", "+821012345678", NOW, NOW)
    return dataclasses.replace(made, **more)  # type: ignore[arg-type]


def test_tries_come_to_an_end() -> None:
    one, tries = call(attempts=1, state=State.RINGING), 1
    while one.state is not State.FAILED:
        one = after_failure(one, NOW, "Nobody answered.", SETTINGS)
        if one.state is State.PENDING:
            assert one.next_at == NOW + timedelta(minutes=SETTINGS.every_minutes)
            tries += 1
            one = dataclasses.replace(one, attempts=tries, state=State.RINGING)
    assert tries == SETTINGS.tries
    assert one.due_at == NOW


def test_late_and_reminded() -> None:
    assert not too_late(call(), NOW + timedelta(minutes=30), SETTINGS)
    assert too_late(call(), NOW + timedelta(minutes=30, seconds=1), SETTINGS)
    assert remind_at(call(), SETTINGS) == NOW - timedelta(minutes=5)
    assert remind_at(call(reminded=True), SETTINGS) is None
    assert remind_at(call(attempts=1), SETTINGS) is None
