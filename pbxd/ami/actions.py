"""Everything that pbxd may ask of Asterisk, as fixed templates.

What is not here cannot be sent: no Command, no config, no free application. Values are checked for
control characters when they are encoded; what has a meaning of its own (a regular expression as a
channel's name, a context outside the list) is refused here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from pbxd.errors import InvalidInput

# where an Originate or a Redirect may lead: one place of dialplan/ for each verb that needs one
CONTEXTS = frozenset(
    {
        "pbxd-abuse",
        "pbxd-click",
        "pbxd-conference",
        "pbxd-consult",
        "pbxd-internal",
        "pbxd-join",
        "pbxd-limit",
        "pbxd-pick-up",
        "pbxd-rescue",
        "pbxd-supervise",
        "pbxd-transfer",
        "pbxd-wait",
    }
)
Fields = dict[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Action:
    """An action; `deadline_s` is how long its answer may take, `needs` its AMI write class."""

    name: ClassVar[str]
    needs: ClassVar[str] = ""
    is_list: ClassVar[bool] = False
    deadline_s: ClassVar[float] = 5.0

    def fields(self) -> Fields:
        """The headers besides Action and ActionID."""
        return {}


@dataclass(frozen=True, slots=True)
class Login(Action):
    """Log in; events stay off until the link asks for them."""

    name: ClassVar[str] = "Login"
    user: str
    secret: str = field(repr=False)

    def fields(self) -> Fields:
        return {"Username": self.user, "Secret": self.secret, "Events": "on"}


@dataclass(frozen=True, slots=True)
class Ping(Action):
    """Are you there?"""

    name: ClassVar[str] = "Ping"


@dataclass(frozen=True, slots=True)
class ListCommands(Action):
    """What this account may do: one header for each permitted action."""

    name: ClassVar[str] = "ListCommands"


@dataclass(frozen=True, slots=True)
class CoreStatus(Action):
    """Start and reload times (Asterisk's clock and zone)."""

    name: ClassVar[str] = "CoreStatus"
    needs: ClassVar[str] = "reporting"


@dataclass(frozen=True, slots=True)
class CoreSettings(Action):
    """Asterisk's version."""

    name: ClassVar[str] = "CoreSettings"
    needs: ClassVar[str] = "reporting"


@dataclass(frozen=True, slots=True)
class CoreShowChannels(Action):
    """All channels."""

    name: ClassVar[str] = "CoreShowChannels"
    needs: ClassVar[str] = "reporting"
    is_list: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class ShowDialPlan(Action):
    """One context of the dialplan; refused when there is none of that name."""

    name: ClassVar[str] = "ShowDialPlan"
    needs: ClassVar[str] = "reporting"
    is_list: ClassVar[bool] = True
    context: str

    def fields(self) -> Fields:
        return {"Context": self.context}


@dataclass(frozen=True, slots=True)
class Status(Action):
    """One channel in detail: asked to tell a live channel from a listed ghost."""

    name: ClassVar[str] = "Status"
    needs: ClassVar[str] = "reporting"
    is_list: ClassVar[bool] = True
    channel: str = ""

    def fields(self) -> Fields:
        return {"Channel": self.channel} if self.channel else {}


@dataclass(frozen=True, slots=True)
class DeviceStateList(Action):
    """The state of every phone."""

    name: ClassVar[str] = "DeviceStateList"
    needs: ClassVar[str] = "reporting"
    is_list: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class Originate(Action):
    """Ring `channel` first; when it answers it goes on at `exten` in `context`.

    Asynchronous: the answer says only "queued"; OriginateResponse with the same ActionID tells.
    """

    name: ClassVar[str] = "Originate"
    needs: ClassVar[str] = "originate"
    channel: str
    channel_id: str
    context: str
    exten: str
    caller_id: str = ""
    timeout_s: float = 30.0
    account: str = ""
    variables: tuple[tuple[str, str], ...] = ()
    other_channel_id: str = ""  # of a Local channel's other half

    def fields(self) -> Fields:
        check_place(self.context, self.exten)
        fields: Fields = {
            "Channel": self.channel,
            "ChannelId": self.channel_id,
            "Context": self.context,
            "Exten": self.exten,
            "Priority": "1",
            "Timeout": str(int(self.timeout_s * 1000)),
            "Async": "true",
            "Variable": tuple(f"{name}={value}" for name, value in self.variables),
        }
        if self.caller_id:
            fields["CallerID"] = self.caller_id
        if self.account:
            fields["Account"] = self.account
        if self.other_channel_id:
            fields["OtherChannelId"] = self.other_channel_id
        return fields


@dataclass(frozen=True, slots=True)
class Redirect(Action):
    """Send a channel, and one that is bridged with it, elsewhere in the dialplan.

    With `extra_channel` both leave their bridge at once, so that neither hangs the other up.
    """

    name: ClassVar[str] = "Redirect"
    needs: ClassVar[str] = "call"
    channel: str
    context: str
    exten: str
    extra_channel: str = ""
    extra_context: str = ""
    extra_exten: str = ""

    def fields(self) -> Fields:
        check_place(self.context, self.exten)
        fields: Fields = {
            "Channel": exact(self.channel),
            "Context": self.context,
            "Exten": self.exten,
            "Priority": "1",
        }
        if self.extra_channel:
            check_place(self.extra_context, self.extra_exten)
            fields |= {
                "ExtraChannel": exact(self.extra_channel),
                "ExtraContext": self.extra_context,
                "ExtraExten": self.extra_exten,
                "ExtraPriority": "1",
            }
        return fields


@dataclass(frozen=True, slots=True)
class SetVariable(Action):
    """Set a variable of one channel, before it is sent where that variable is read."""

    name: ClassVar[str] = "Setvar"
    needs: ClassVar[str] = "call"
    channel: str
    variable: str
    value: str

    def fields(self) -> Fields:
        if not self.variable.lstrip("_").startswith("PBXD_"):
            raise InvalidInput("variable-barred", "That variable is not ours to set.")
        return {"Channel": exact(self.channel), "Variable": self.variable, "Value": self.value}


@dataclass(frozen=True, slots=True)
class Hangup(Action):
    """End one channel, by its exact name. `cause` is a Q.850 code."""

    name: ClassVar[str] = "Hangup"
    needs: ClassVar[str] = "call"
    channel: str
    cause: int = 16

    def fields(self) -> Fields:
        return {"Channel": exact(self.channel), "Cause": str(self.cause)}


@dataclass(frozen=True, slots=True)
class Notify(Action):
    """A NOTIFY within the dialogue of `channel`: `talk` makes a desk phone answer, `hold` hold."""

    name: ClassVar[str] = "PJSIPNotify"
    needs: ClassVar[str] = "system"
    channel: str
    event: str

    def fields(self) -> Fields:
        return {"Channel": exact(self.channel), "Variable": (f"Event={self.event}",)}


@dataclass(frozen=True, slots=True)
class IsHeld(Action):
    """Has the other side put this channel on hold? (`Value` 1)"""

    name: ClassVar[str] = "Getvar"
    needs: ClassVar[str] = "call"
    channel: str

    def fields(self) -> Fields:
        return {"Channel": exact(self.channel), "Variable": "CHANNEL(onhold)"}


@dataclass(frozen=True, slots=True)
class MuteAudio(Action):
    """Keep what this channel's party says from the others, or let it through again."""

    name: ClassVar[str] = "MuteAudio"
    needs: ClassVar[str] = "system"
    channel: str
    on: bool

    def fields(self) -> Fields:
        state = "on" if self.on else "off"
        return {"Channel": exact(self.channel), "Direction": "in", "State": state}


@dataclass(frozen=True, slots=True)
class PlayDTMF(Action):
    """Press one key for the party of this channel to hear."""

    name: ClassVar[str] = "PlayDTMF"
    needs: ClassVar[str] = "call"
    channel: str
    key: str

    def fields(self) -> Fields:
        return {"Channel": exact(self.channel), "Digit": self.key, "Duration": "120"}


@dataclass(frozen=True, slots=True)
class DBPut(Action):
    """Write one AstDB entry. AMI takes lines of at most 1,023 bytes."""

    name: ClassVar[str] = "DBPut"
    needs: ClassVar[str] = "system"
    family: str
    key: str
    value: str

    def fields(self) -> Fields:
        if len(self.value.encode()) > 1000:
            raise InvalidInput("value-long", "The value is too long for the telephone system.")
        return {"Family": self.family, "Key": self.key, "Val": self.value}


@dataclass(frozen=True, slots=True)
class DBGet(Action):
    """Read one AstDB entry."""

    name: ClassVar[str] = "DBGet"
    needs: ClassVar[str] = "system"
    is_list: ClassVar[bool] = True
    family: str
    key: str

    def fields(self) -> Fields:
        return {"Family": self.family, "Key": self.key}


@dataclass(frozen=True, slots=True)
class DBGetTree(Action):
    """Read all entries of an AstDB family; refused when there are none."""

    name: ClassVar[str] = "DBGetTree"
    needs: ClassVar[str] = "system"
    is_list: ClassVar[bool] = True
    family: str

    def fields(self) -> Fields:
        return {"Family": self.family}


@dataclass(frozen=True, slots=True)
class DBDel(Action):
    """Remove one AstDB entry."""

    name: ClassVar[str] = "DBDel"
    needs: ClassVar[str] = "system"
    family: str
    key: str

    def fields(self) -> Fields:
        return {"Family": self.family, "Key": self.key}


@dataclass(frozen=True, slots=True)
class ReloadPjsip(Action):
    """Let PJSIP load what is new; calls and registrations stay."""

    name: ClassVar[str] = "Reload"
    needs: ClassVar[str] = "system"

    def fields(self) -> Fields:
        return {"Module": "res_pjsip.so"}


@dataclass(frozen=True, slots=True)
class SetGlobal(Action):
    """Set a global variable of the dialplan."""

    name: ClassVar[str] = "Setvar"
    needs: ClassVar[str] = "call"
    variable: str
    value: str

    def fields(self) -> Fields:
        return {"Variable": self.variable, "Value": self.value}


NEEDED = (
    Originate,
    Hangup,
    Redirect,
    Notify,
    DBPut,
    DBGet,
    CoreShowChannels,
    DeviceStateList,
    SetGlobal,
)


def check_place(context: str, exten: str) -> None:
    """Raise InvalidInput unless calls may be sent there."""
    if context not in CONTEXTS:
        raise InvalidInput("context-barred", "Calls cannot be made to that place.")
    if not exten or not all(char.isalnum() or char in "+*#-_" for char in exten):
        raise InvalidInput("number-form", "That is not a telephone number.", field="number")


def exact(channel: str) -> str:
    """A channel's exact name: one that begins with a slash would be a regular expression."""
    if not channel or channel.startswith("/"):
        raise InvalidInput("channel-form", "There is no such call.")
    return channel
