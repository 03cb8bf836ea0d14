"""Recorded conversations with a real Asterisk, ready to be replayed."""

from __future__ import annotations

import itertools
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pbxd.ami import reading
from pbxd.ami.events import AmiEvent
from pbxd.ami.wire import Framer, parse
from pbxd.calls import cel
from pbxd.calls.gathering import Gathering
from pbxd.calls.model import Call
from pbxd.calls.parties import Endpoints
from pbxd.calls.tracker import Tracker
from pbxd.events import CallEnded

CORPUS = Path(__file__).parent / "corpus"
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((CORPUS / "expected.toml").read_text("utf-8"))
SCENES = sorted(file.stem for file in CORPUS.glob("*.ami"))
ENDPOINTS = Endpoints(trunks=("city",))
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def new_tracker() -> Tracker:
    numbers = itertools.count(1)
    return Tracker(ENDPOINTS, lambda: f"call-{next(numbers)}")


def ami_events(scene: str) -> list[AmiEvent]:
    frames = Framer(reading.WANTED).feed((CORPUS / f"{scene}.ami").read_bytes())
    found = [reading.event(parse(frame), LONG_AGO) for frame in frames]
    return [event for event in found if event is not None]


def expect_clicks(tracker: Tracker, scene: str) -> None:
    """What the desk says before it sends an Originate."""
    for channel in set(re.findall(r"pbxd-01K0CLICK\w+", (CORPUS / f"{scene}.ami").read_text())):
        tracker.expect(channel, "101", EXPECTED[scene]["number"])


def ended_by_ami(scene: str) -> list[Call]:
    tracker = new_tracker()
    expect_clicks(tracker, scene)
    said = [event for one in ami_events(scene) for event in tracker.apply(one)]
    assert tracker.calls() == ()
    return [event.call for event in said if isinstance(event, CallEnded)]


def ended_by_cel(scene: str) -> list[Call]:
    gathering = Gathering()
    found: list[Call | None] = []
    for end, record in cel.records((CORPUS / f"{scene}.cel").read_bytes()):
        row = cel.parse(record)
        assert row is not None
        rows = gathering.add((0, end), row)
        if rows is not None:
            found.append(cel.call_of(rows, ENDPOINTS, lambda: "call"))
    assert gathering.first() is None
    return [call for call in found if call is not None]
