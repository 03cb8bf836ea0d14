"""What Asterisk has right now: channels and phones, read after each log-in and every minute."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from pbxd.ami import actions, reading
from pbxd.ami.events import Channel, DeviceState
from pbxd.ami.link import Link
from pbxd.ami.wire import Headers


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A channel of the list; `duration_s` is its age, `bridge` the bridge it is in ("" none)."""

    channel: Channel
    duration_s: int = 0
    bridge: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything at one moment."""

    rows: tuple[ChannelRow, ...]
    devices: tuple[tuple[str, DeviceState], ...]


async def read(link: Link) -> Snapshot | None:
    """Ask for both lists; None when one could not be had whole."""
    channels = await link.send(actions.CoreShowChannels())
    devices = await link.send(actions.DeviceStateList())
    if not (channels.ok and devices.ok):
        return None
    return Snapshot(
        rows=tuple(
            ChannelRow(reading.channel(item), _seconds(item), item.get("BridgeId", ""))
            for item in channels.items
            if "Uniqueid" in item
        ),
        devices=tuple(
            (item["Device"], reading.device_state(item.get("State", "")))
            for item in devices.items
            if "Device" in item
        ),
    )


async def held(link: Link, rows: Iterable[ChannelRow]) -> frozenset[str]:
    """The uniqueids of those who are held by the party they are joined with.

    The channel list does not say so, and no event will come again: asked for one by one.
    """
    joined = [row.channel for row in rows if row.bridge]
    replies = await asyncio.gather(*(link.send(actions.IsHeld(one.name)) for one in joined))
    return frozenset(
        channel.uniqueid
        for channel, reply in zip(joined, replies, strict=True)
        if reply.ok and reply.headers.get("Value") == "1"
    )


def _seconds(item: Headers) -> int:
    """`00:01:05` → 65."""
    parts = item.get("Duration", "").split(":")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        return 0
    hours, minutes, seconds = map(int, parts)
    return hours * 3600 + minutes * 60 + seconds
