"""What a colleague sees of an agent's phones."""

from __future__ import annotations

from collections.abc import Iterable

from pbxd.ami.events import DeviceState
from pbxd.events import AgentState

_ON_CALL = {DeviceState.INUSE, DeviceState.BUSY, DeviceState.ONHOLD, DeviceState.RINGINUSE}


def agent_state(devices: Iterable[DeviceState]) -> AgentState:
    """One word for all phones of an extension: talking beats ringing beats free beats gone."""
    states = set(devices)
    if states & _ON_CALL:
        return AgentState.ON_CALL
    if DeviceState.RINGING in states:
        return AgentState.RINGING
    if DeviceState.NOT_INUSE in states:
        return AgentState.AVAILABLE
    return AgentState.OFFLINE
