"""User and telephone system, as My settings shows them (사용자 환경설정, S2-05)."""

from __future__ import annotations

from dataclasses import dataclass

from console.desk.who import agent_or_none
from console.web.context import Context
from pbxd import __version__
from pbxd.agents.model import DeviceKind, endpoint_of
from pbxd.ami import actions
from pbxd.ami.events import DeviceState
from pbxd.events import LinkState

_NOT_THERE = (DeviceState.INVALID, DeviceState.UNKNOWN, DeviceState.UNAVAILABLE)


@dataclass(frozen=True, slots=True)
class Phone:
    """One of my two telephones: its SIP account, whether it is registered, whether it is driven."""

    kind: DeviceKind
    account: str
    there: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class Environment:
    """My telephones and the telephone system; `asterisk` "" while it cannot be asked."""

    extension: str
    phones: tuple[Phone, ...]
    linked: bool  # the screen follows the telephone (S4-101)
    shows: str  # the number that those see whom I call
    link: LinkState
    host: str
    asterisk: str
    version: str


async def environment(context: Context) -> Environment:
    """As it is now."""
    daemon, agent = context.services.daemon, agent_or_none(context)
    settings = daemon.settings.pbx
    phones: tuple[Phone, ...] = ()
    if agent is not None:
        phones = tuple(
            Phone(
                kind,
                endpoint_of(agent.extension, kind),
                daemon.agents.device_state(agent.extension, kind) not in _NOT_THERE,
                kind is agent.device,
            )
            for kind in DeviceKind
        )
    return Environment(
        extension=agent.extension if agent is not None else "",
        phones=phones,
        linked=agent is not None and agent.linked,
        shows=(daemon.outgoing.shown(agent.id) if agent is not None else "") or settings.caller_id,
        link=daemon.link.status.state,
        host=f"{settings.host}:{settings.port}" if settings.host else "",
        asterisk=await _asterisk(context),
        version=__version__,
    )


async def _asterisk(context: Context) -> str:
    link = context.services.daemon.link
    if not link.up:
        return ""
    return (await link.send(actions.CoreSettings())).headers.get("AsteriskVersion", "")
