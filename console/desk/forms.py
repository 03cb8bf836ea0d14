"""What the call bar sends, as JSON."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pbxd.agents.model import DeviceKind

CommandId = Annotated[str, StringConstraints(pattern=r"^[0-9a-zA-Z-]{8,64}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{1,26}$")]
OptionalKey = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{0,26}$")]


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class DialForm(_Form):
    """Call a number; any way of writing it."""

    number: Annotated[str, Field(min_length=1, max_length=200)]
    customer_id: OptionalKey = ""
    callback_id: OptionalKey = ""  # the item of the list of callbacks that it is to settle
    command_id: CommandId


class CallForm(_Form):
    """Answer or hang up one call."""

    call: Key
    command_id: CommandId


class HoldForm(CallForm):
    """Put the other side on hold, or take it back."""

    on: bool


class SendForm(CallForm):
    """Send a call to an extension, `queue:NAME` or number; `note` is for who gets it."""

    to: Annotated[str, Field(min_length=1, max_length=64)]
    note: Annotated[str, Field(max_length=500)] = ""


class MergeForm(CallForm):
    """All together; `other` is the agent's other call ("" whom he asked)."""

    other: OptionalKey = ""


class KeysForm(CallForm):
    """Press keys for the other side to hear (DTMF)."""

    keys: Annotated[str, StringConstraints(pattern=r"^[0-9*#A-D]{1,32}$")]


class LinkForm(_Form):
    """Go on line or off (접속관리)."""

    on: bool


class DeviceForm(_Form):
    """Telephone with the browser or the desk phone."""

    kind: DeviceKind


class PageForm(_Form):
    """A page wants to be the browser phone."""

    page: CommandId


class PopForm(_Form):
    """Close a card."""

    call: Key


class PinForm(PopForm):
    """Pin a card, or let it go."""

    on: bool


class ChooseForm(PopForm):
    """It is this customer who calls."""

    customer_id: Key


class RingMeForm(_Form):
    """Who shall call the sample office: "withheld", "stranger", or a number."""

    who: Annotated[str, StringConstraints(pattern=r"^(withheld|stranger|\+?[0-9]{2,16})$")]
    line: Annotated[str, StringConstraints(pattern=r"^[0-9]{0,16}$")] = ""


class PopLinesForm(_Form):
    """The lines of a screen pop, in order; "" none."""

    line: list[str]
