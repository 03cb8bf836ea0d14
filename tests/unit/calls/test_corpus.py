"""Every recorded scenario gives the record that was written down by hand, from AMI and from CEL."""

from __future__ import annotations

import pytest

from pbxd.calls.model import Call
from pbxd.calls.record import CallRecord, record_of
from tests.unit.calls.replay import EXPECTED, SCENES, ended_by_ami, ended_by_cel

SPANS = ("ring", "talk", "hold")


def by_linkedid(calls: list[Call]) -> dict[str, CallRecord]:
    return {call.linkedid: record_of(call, lambda raw: raw) for call in calls}


def the_record(scene: str, calls: list[Call]) -> CallRecord:
    wanted = EXPECTED[scene]["number"]
    (found,) = [one for one in by_linkedid(calls).values() if one.number == wanted]
    return found


def test_each_scene_has_its_expectation() -> None:
    assert sorted(EXPECTED) == SCENES
    assert len(SCENES) >= 17


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("source", ["ami", "cel"])
def test_the_record_is_right(scene: str, source: str) -> None:
    record = the_record(scene, ended_by_ami(scene) if source == "ami" else ended_by_cel(scene))
    for key, wanted in EXPECTED[scene].items():
        if key not in SPANS:
            got = getattr(record, key)
            assert got == wanted, key
        elif not (key == "hold" and source == "cel"):  # CEL does not know of holds
            low, high = wanted
            assert low <= getattr(record, f"{key}_seconds") <= high, key
    assert record.end_known


@pytest.mark.parametrize("scene", SCENES)
def test_ami_and_cel_tell_the_same_story(scene: str) -> None:
    ami, cel = by_linkedid(ended_by_ami(scene)), by_linkedid(ended_by_cel(scene))
    assert ami.keys() == cel.keys()
    for linkedid, one in ami.items():
        other = cel[linkedid]
        for name in (
            "direction",
            "outcome",
            "number",
            "name",
            "withheld",
            "dialled",
            "extension",
            "other_extension",
            "clicked",
            "trunk",
            "cause",
            "reason",
        ):
            assert getattr(one, name) == getattr(other, name), name
        for name in ("started_at", "answered_at", "ended_at"):
            first, second = getattr(one, name), getattr(other, name)
            assert (first is None) == (second is None), name
            if first is not None:
                assert abs((first - second).total_seconds()) < 0.05, name
        assert [leg.id for leg in one.legs] == [leg.id for leg in other.legs]
