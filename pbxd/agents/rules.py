"""What a colleague sees of an agent."""

from __future__ import annotations

from collections.abc import Iterable

from pbxd.ami.events import DeviceState
from pbxd.events import AgentState, PresenceKind

_ON_CALL = {DeviceState.INUSE, DeviceState.BUSY, DeviceState.ONHOLD, DeviceState.RINGINUSE}


def agent_state(
    devices: Iterable[DeviceState], presence: PresenceKind = PresenceKind.AVAILABLE
) -> AgentState:
    """One word for the phones of an extension and its agent's presence.

    Talking beats ringing beats away beats wrap-up beats free. Who went for a meal and closed the
    browser is away (it says more than that the phone is off); a wrap-up needs a phone to end at.
    """
    states = set(devices)
    if states & _ON_CALL:
        return AgentState.ON_CALL
    if DeviceState.RINGING in states:
        return AgentState.RINGING
    if presence is PresenceKind.AWAY:
        return AgentState.AWAY
    if DeviceState.NOT_INUSE not in states:
        return AgentState.OFFLINE
    return AgentState.WRAP_UP if presence is PresenceKind.WRAP_UP else AgentState.AVAILABLE
