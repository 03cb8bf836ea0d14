"""Bytes and values: nothing is lost, nothing slips through."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from panoramisk.message import Message

from pbxd.ami import actions
from pbxd.ami.wire import LIMIT, Framer, ProtocolError, encode, parse
from pbxd.errors import InvalidInput

STREAM = (
    "Event: Newchannel\r\nCallerIDName: 김서준\r\nUniqueid: 1\r\n\r\n"
    "Event: VarSet\r\nVariable: X\r\n\r\n"
    "Response: Success\r\nActionID: 7\r\nMessage: 좋아요\r\n\r\n"
    "Event: CoreShowChannel\r\nActionID: 7\r\nChannel: 😀\r\n\r\n"
).encode()


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_any_split_of_the_stream_gives_the_same_messages(cuts: list[int]) -> None:
    framer = Framer({"Newchannel"})
    places = [0, *sorted(cuts), len(STREAM)]
    frames = [
        frame
        for start, end in itertools.pairwise(places)
        for frame in framer.feed(STREAM[start:end])
    ]
    assert [parse(frame).get("CallerIDName", "") for frame in frames] == ["김서준", "", ""]
    assert parse(frames[2])["Channel"] == "😀"
    assert framer.dropped == 1


@pytest.mark.parametrize("length", [1, 100, 4000])
def test_rows_of_a_list_come_whole_however_long(length: int) -> None:
    """Of AstDB's rows the ActionID is the last header, after a value of any length."""
    row = (
        b"Event: DBGetTreeResponse\r\nKey: /pbxd/outgoing/may-101\r\nVal: "
        + b"x" * length
        + b"\r\nActionID: pbxd-1"
    )
    assert Framer({"Newchannel"}).feed(row + b"\r\n\r\n") == [row]


def test_panoramisk_loses_what_is_split_and_we_do_not() -> None:
    whole = "Event: X\r\nCallerIDName: 김서준\r\n\r\n".encode()
    cut = whole.index("서".encode()) + 1
    by_panoramisk = "".join(part.decode("utf-8", "ignore") for part in (whole[:cut], whole[cut:]))
    assert Message.from_line(by_panoramisk)["CallerIDName"] == "김준"
    framer = Framer({"X"})
    (frame,) = [*framer.feed(whole[:cut]), *framer.feed(whole[cut:])]
    assert parse(frame)["CallerIDName"] == "김서준"


def test_a_name_in_cp949_is_read_and_nonsense_is_marked() -> None:
    assert parse(b"CallerIDName: " + "홍길동".encode("cp949"))["CallerIDName"] == "홍길동"
    assert parse(b"A: \xff\xfe\xff")["A"] == "\ufffd\ufffd\ufffd"


def test_a_repeated_header_keeps_all_its_values() -> None:
    assert parse(b"Output: a\r\nOutput: b")["Output"] == "a\nb"


def test_a_message_without_an_end_is_no_ami() -> None:
    with pytest.raises(ProtocolError):
        Framer(()).feed(b"x" * (LIMIT + 1))


@given(st.text(max_size=60))
def test_any_value_arrives_as_it_was_or_is_refused(value: str) -> None:
    try:
        data = encode({"Action": "DBPut", "Val": value})
    except InvalidInput:
        assert not value.isprintable()
        return
    assert data.count(b"\r\n") == 3
    assert parse(data.removesuffix(b"\r\n\r\n"))["Val"] == value


@pytest.mark.parametrize("value", ["a\r\nAction: Command", "a\nb", "\x00", "\x7f", "\ud800"])
def test_line_breaks_and_control_characters_are_refused(value: str) -> None:
    with pytest.raises(InvalidInput):
        encode({"Action": "Hangup", "Channel": value})


def test_panoramisk_lets_a_line_break_become_a_second_action() -> None:
    import asyncio

    from panoramisk.actions import Action

    async def made() -> str:
        return str(Action({"Action": "Hangup", "Channel": "x\r\n\r\nAction: Command"}))

    assert "\r\n\r\nAction: Command" in asyncio.run(made())


def test_a_channel_that_is_a_pattern_is_refused() -> None:
    with pytest.raises(InvalidInput):
        actions.Hangup("/^PJSIP.*$/").fields()


def test_a_call_leads_only_where_the_dialplan_expects_it() -> None:
    for context, exten in (
        ("default", "0212345678"),
        ("pbxd-click", "1&Local/9"),
        ("pbxd-click", ""),
    ):
        with pytest.raises(InvalidInput):
            actions.Originate("PJSIP/101", "id", context, exten).fields()
