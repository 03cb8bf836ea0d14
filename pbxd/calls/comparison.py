"""Asterisk's channel list beside our own lines: what differs. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from pbxd.ami.events import Channel, ChannelState
from pbxd.ami.snapshot import ChannelRow
from pbxd.calls.line import Line
from pbxd.calls.model import SPY_PREFIX


def differences(
    lines: Mapping[str, Line], gone: Container[str], rows: Iterable[ChannelRow]
) -> frozenset[str]:
    """Ids of channels about which Asterisk says something else than we.

    `ID` is a channel that only Asterisk knows, `-ID` one that only we know, `~ID` one that has
    moved on while we did not look (rings, is up, got another name or linkedid). What we saw end is
    `gone`: Asterisk's list may go on naming it (asterisk issue 783), which proves nothing.
    """
    ours = (row.channel for row in rows if not row.channel.uniqueid.startswith(SPY_PREFIX))
    listed = {channel.uniqueid: channel for channel in ours}
    found = {id for id in listed if id not in lines and id not in gone}
    for id, line in lines.items():
        channel = listed.get(id)
        if channel is None:
            found.add(f"-{id}")
        elif _moved_on(line, channel):
            found.add(f"~{id}")
    return frozenset(found)


def _moved_on(line: Line, channel: Channel) -> bool:
    if channel.linkedid != line.linkedid or (channel.name != line.name and "<" not in channel.name):
        return True
    if line.local or line.answered_at is not None:
        return False
    if channel.state is ChannelState.RINGING:
        return line.rang_at is None
    return channel.state is ChannelState.UP
