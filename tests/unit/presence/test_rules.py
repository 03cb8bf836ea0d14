"""When calls are sent to an agent, what Asterisk's database says of it, what counts as missed."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxd.agents.presence import Options, Presence, Reason
from pbxd.agents.rules import agent_state
from pbxd.ami.events import DeviceState
from pbxd.calls.model import Call, Leg
from pbxd.errors import InvalidInput
from pbxd.events import AgentState, LegEnded, PresenceKind
from pbxd.presence import rules
from tests.unit.calls.replay import SCENES, ami_events, expect_clicks, new_tracker

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
MEAL = Reason("R1", "meal", minutes=60)
WORDS = st.text("abc:_0", max_size=6)


def ended_legs(scene: str) -> list[tuple[Call, Leg]]:
    """Each agent's leg of a recorded conversation at its end, with its call as it was then."""
    tracker = new_tracker()
    expect_clicks(tracker, scene)
    said = [event for one in ami_events(scene) for event in tracker.apply(one)]
    return [
        (event.call, event.leg)
        for event in said
        if isinstance(event, LegEnded) and event.leg.party.extension
    ]


def extensions(scene: str, true: bool, rule: str) -> set[str]:
    return {
        leg.party.extension
        for call, leg in ended_legs(scene)
        if getattr(rules, rule)(call, leg) is true
    }


def test_the_mirror_says_the_word_and_a_wrap_up_its_end() -> None:
    away = Presence("A", PresenceKind.AWAY, NOW, MEAL, NOW + timedelta(minutes=60))
    assert rules.mirror_value(away) == "meal"
    assert rules.mirror_value(dataclasses.replace(away, reason=None)) == "missed"
    until = NOW + timedelta(seconds=29.2)
    wrap_up = Presence("A", PresenceKind.WRAP_UP, NOW, until=until)
    assert rules.mirror_value(wrap_up) == f"wrap_up:{int(NOW.timestamp()) + 30}"
    assert rules.mirror_value(Presence("A", PresenceKind.AVAILABLE, NOW)) == ""


@given(st.dictionaries(WORDS, WORDS), st.dictionaries(WORDS, WORDS))
def test_after_the_differences_both_are_equal(
    wanted: dict[str, str], found: dict[str, str]
) -> None:
    write, remove = rules.differences(wanted, found)
    assert {**{k: v for k, v in found.items() if k not in remove}, **write} == wanted
    assert not set(write) & set(remove)
    assert all(found.get(key) != value for key, value in write.items())


@given(st.lists(st.sampled_from(list(DeviceState))), st.sampled_from(list(PresenceKind)))
def test_a_conversation_is_seen_before_an_absence(
    devices: list[DeviceState], kind: PresenceKind
) -> None:
    phones = agent_state(devices)
    shown = agent_state(devices, kind)
    if phones in (AgentState.ON_CALL, AgentState.RINGING) or kind is PresenceKind.AVAILABLE:
        assert shown is phones
    elif kind is PresenceKind.AWAY:
        assert shown is AgentState.AWAY
    else:
        off = phones is AgentState.OFFLINE
        assert shown is (AgentState.OFFLINE if off else AgentState.WRAP_UP)


@pytest.mark.parametrize("scene", SCENES)
def test_a_call_is_either_talked_or_missed_or_neither(scene: str) -> None:
    for call, leg in ended_legs(scene):
        both = rules.talked_with_customer(call, leg) and rules.left_unanswered(call, leg)
        assert not both


@pytest.mark.parametrize(
    ("scene", "talked", "missed"),
    [
        ("inbound_answered", {"101"}, set()),
        ("held_and_resumed", {"101"}, set()),
        ("outbound_by_phone", {"101"}, set()),
        ("click_answered", {"101"}, set()),
        ("click_customer_no_answer", set(), set()),
        ("click_not_picked_up", set(), set()),
        ("inbound_busy", set(), set()),
        ("inbound_unanswered", set(), {"101"}),
        ("inbound_several_phones", {"102"}, set()),
        ("internal", set(), set()),
    ],
)
def test_recorded_calls(scene: str, talked: set[str], missed: set[str]) -> None:
    assert extensions(scene, True, "talked_with_customer") == talked
    assert extensions(scene, True, "left_unanswered") == missed


def test_a_caller_who_gives_up_late_was_missed_too() -> None:
    (call, leg), *_ = ended_legs("inbound_abandoned")
    assert leg.rang_at is not None
    assert not rules.left_unanswered(call, leg)
    late = leg.rang_at + timedelta(seconds=rules.RANG_LONG_S)
    assert rules.left_unanswered(call, msgspec.structs.replace(leg, ended_at=late))


def test_whoever_is_away_gets_no_wrap_up() -> None:
    assert not rules.may_wrap_up(Presence("A", PresenceKind.AWAY, NOW, MEAL))
    assert rules.may_wrap_up(Presence("A", PresenceKind.WRAP_UP, NOW))
    assert rules.may_wrap_up(Presence("A", PresenceKind.AVAILABLE, NOW))


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"name": "가" * 41}, "name"), ({"minutes": 0}, "minutes"), ({"minutes": 601}, "minutes"),
     ({"name": "a\x00b"}, "name")],
)  # fmt: skip
def test_a_wrong_reason_names_its_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as wrong:
        rules.check_reason(dataclasses.replace(MEAL, **changes))  # type: ignore[arg-type]
    assert wrong.value.field == field


@pytest.mark.parametrize("options", [Options(-1), Options(901), Options(0, -1), Options(0, 21)])
def test_wrong_settings_are_refused(options: Options) -> None:
    with pytest.raises(InvalidInput):
        rules.check_options(options)
