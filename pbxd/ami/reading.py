"""AMI headers → typed events: the spellings of Asterisk 18–22."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from pbxd.ami import events as ev
from pbxd.ami.wire import Headers

_STATES = {str(state.value): state for state in ev.ChannelState}
_DEVICE_STATES = {state.value: state for state in ev.DeviceState}
_NOBODY = {"<unknown>": "", "<none>": "", "(null)": ""}
_FIELDS = (
    "Uniqueid",
    "Linkedid",
    "Channel",
    "ChannelState",
    "CallerIDNum",
    "CallerIDName",
    "ConnectedLineNum",
    "ConnectedLineName",
    "Context",
    "Exten",
    "AccountCode",
)
_KEYS: dict[str, tuple[str, ...]] = {}  # prefix or suffix → the headers' names

Build = Callable[[datetime, Headers], ev.AmiEvent]


def event(headers: Headers, read_at: datetime) -> ev.AmiEvent | None:
    """The typed event, or None when nobody wants it or it lacks what it must have."""
    build = _BUILDERS.get(headers.get("Event", ""))
    if build is None:
        return None
    stamp = headers.get("Timestamp")
    at = read_at if stamp is None else _time(stamp, read_at)
    try:
        return build(at, headers)
    except (KeyError, ValueError):
        return None


def channel(headers: Headers, prefix: str = "", suffix: str = "") -> ev.Channel:
    """The channel snapshot under `prefix` (`Dest` …) or `suffix`. Raises KeyError."""
    keys = _KEYS.get(prefix + suffix)
    if keys is None:
        keys = _KEYS[prefix + suffix] = tuple(f"{prefix}{name}{suffix}" for name in _FIELDS)
    get, known = headers.get, _NOBODY.get
    uniqueid, linkedid, name, state, number, title, their_number, their_title, ctx, exten, acc = (
        keys
    )
    return ev.Channel(
        headers[uniqueid],
        headers[linkedid],
        headers[name],
        _STATES.get(get(state, ""), ev.ChannelState.UNKNOWN),
        known(found := get(number, ""), found),
        known(found := get(title, ""), found),
        known(found := get(their_number, ""), found),
        known(found := get(their_title, ""), found),
        get(ctx, ""),
        get(exten, ""),
        get(acc, ""),
    )


def device_state(word: str) -> ev.DeviceState:
    """A device state's word; what is not known is UNKNOWN."""
    return _DEVICE_STATES.get(word.upper().replace(" ", "_"), ev.DeviceState.UNKNOWN)


def _time(stamp: str, read_at: datetime) -> datetime:
    """`1763679342.123456` (seconds since 1970, `timestampevents`)."""
    try:
        return datetime.fromtimestamp(float(stamp), UTC)
    except (ValueError, OverflowError, OSError):
        return read_at


def _text(value: str) -> str:
    return _NOBODY.get(value, value)


def _optional(headers: Headers, prefix: str = "", suffix: str = "") -> ev.Channel | None:
    if not headers.get(f"{prefix}Uniqueid{suffix}"):
        return None
    return channel(headers, prefix, suffix)


def _number(value: str) -> int:
    return int(value) if value.lstrip("-").isdecimal() else 0


def _hangup(at: datetime, h: Headers) -> ev.AmiEvent:
    return ev.Hangup(at, channel(h), _number(h.get("Cause", "")), h.get("Cause-txt", ""))


def _request(at: datetime, h: Headers) -> ev.AmiEvent:
    soft = h["Event"] == "SoftHangupRequest"
    return ev.HangupRequest(at, channel(h), _number(h.get("Cause", "")), soft)


def _key(at: datetime, h: Headers) -> ev.AmiEvent:
    match h.get("UserEvent"):
        case "PbxdKey":
            return ev.KeyPressed(at, channel(h), int(h["Key"]))
        case "PbxdCode":
            return ev.CodeDialled(at, channel(h), int(h["Code"]))
        case "PbxdCallback":
            return ev.CallbackAsked(at, channel(h))
    raise ValueError("somebody else's")


def _originate_response(at: datetime, h: Headers) -> ev.AmiEvent:
    return ev.OriginateResponse(
        at,
        h["ActionID"],
        h.get("Response") == "Success",
        _number(h.get("Reason", "")),
        h.get("Channel", ""),
        _text(h.get("Uniqueid", "")),
    )


_BUILDERS: dict[str, Build] = {
    "Newchannel": lambda at, h: ev.Newchannel(at, channel(h)),
    "Newstate": lambda at, h: ev.Newstate(at, channel(h)),
    "NewCallerid": lambda at, h: ev.NewCallerid(at, channel(h)),
    "NewConnectedLine": lambda at, h: ev.NewConnectedLine(at, channel(h)),
    # a Rename carries no snapshot: only the id and the two names
    "Rename": lambda at, h: ev.Rename(
        at,
        ev.Channel(h["Uniqueid"], h.get("Linkedid", ""), h["Channel"], ev.ChannelState.UNKNOWN),
        h["Newname"],
    ),
    "Hold": lambda at, h: ev.Hold(at, channel(h), h.get("MusicClass", "")),
    "Unhold": lambda at, h: ev.Unhold(at, channel(h)),
    "HangupRequest": _request,
    "SoftHangupRequest": _request,
    "Hangup": _hangup,
    "DialBegin": lambda at, h: ev.DialBegin(
        at, _optional(h), channel(h, "Dest"), h.get("DialString", "")
    ),
    "DialState": lambda at, h: ev.DialState(
        at, _optional(h), channel(h, "Dest"), h.get("DialStatus", "")
    ),
    "DialEnd": lambda at, h: ev.DialEnd(
        at, _optional(h), channel(h, "Dest"), h.get("DialStatus", "")
    ),
    "BridgeEnter": lambda at, h: ev.BridgeEnter(
        at,
        channel(h),
        h["BridgeUniqueid"],
        _number(h.get("BridgeNumChannels", "")),
        h.get("BridgeTechnology", ""),
    ),
    "BridgeLeave": lambda at, h: ev.BridgeLeave(at, channel(h), h["BridgeUniqueid"]),
    "MusicOnHoldStart": lambda at, h: ev.MusicOnHoldStart(at, channel(h)),
    "QueueCallerJoin": lambda at, h: ev.QueueJoined(at, channel(h), h["Queue"]),
    "QueueCallerLeave": lambda at, h: ev.QueueLeft(at, channel(h), h["Queue"]),
    "AgentConnect": lambda at, h: ev.QueueAnswered(
        at, channel(h), h["Queue"], h.get("MemberName", "")
    ),
    "UserEvent": _key,
    "OriginateResponse": _originate_response,
    "DeviceStateChange": lambda at, h: ev.DeviceStateChange(
        at, h["Device"], device_state(h.get("State", ""))
    ),
    "FullyBooted": lambda at, h: ev.FullyBooted(
        at, _number(h.get("Uptime", "")), _number(h.get("LastReload", ""))
    ),
    "Shutdown": lambda at, h: ev.Shutdown(at, h.get("Restart") == "True"),
}

# rows of lists that name their ActionID last, where the framer does not look for it
LATE_ROWS = frozenset({"QueueMember", "QueueEntry"})
WANTED = frozenset(_BUILDERS) | LATE_ROWS
