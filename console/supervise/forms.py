"""What the supervisor's page sends."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from console.desk.forms import CommandId, Key, OptionalKey
from pbxd.supervise.model import Mode

Extension = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{1,3}$")]


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")
    command_id: CommandId


class CallForm(_Form):
    """One agent in one call."""

    call: Key
    extension: Extension


class WatchForm(CallForm):
    """Listen, whisper or barge in."""

    mode: Mode


class StopForm(_Form):
    """Leave the call."""


class PresenceForm(_Form):
    """Set an agent to away by this reason; "" available."""

    agent: Key
    reason: OptionalKey = ""
