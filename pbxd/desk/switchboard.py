"""What the desk asks of Asterisk, each with its definite end in words."""

from __future__ import annotations

from dataclasses import dataclass

from pbxd.ami import actions
from pbxd.ami.events import AmiEvent, OriginateResponse
from pbxd.ami.link import Link
from pbxd.ami.reply import Ending, Reply
from pbxd.bus import Bus
from pbxd.calls.live import LiveCalls
from pbxd.config import PbxSettings
from pbxd.desk.result import CommandResult, Result, refused
from pbxd.events import CommandSettled

# Originate's reasons (Asterisk's control frames) → what to tell the agent
_REASONS = {
    0: ("phone-failed", "Your phone could not be reached."),
    1: ("phone-refused", "Your phone declined the call."),
    3: ("phone-not-picked-up", "Your phone was not picked up."),
    5: ("phone-busy", "Your phone is busy."),
    8: ("phone-failed", "Your phone could not be reached."),
}


@dataclass(frozen=True, slots=True)
class Click:
    """One click-to-call: ring `endpoint` of `extension`, then dial `number`."""

    channel_id: str
    command_id: str
    agent_id: str
    endpoint: str
    extension: str
    number: str
    browser: bool


class Switchboard:
    """The desk's commands on the link; nothing is ever sent twice."""

    def __init__(self, link: Link, live: LiveCalls, bus: Bus, settings: PbxSettings) -> None:
        self._link = link
        self._live = live
        self._bus = bus
        self._settings = settings
        self._clicks: dict[str, Click] = {}  # by ActionID

    async def click(self, click: Click) -> CommandResult:
        """Start a click-to-call; its late truth comes as CommandSettled.

        The header tells a browser phone which of the calls that reach it is its own click.
        """
        action = actions.Originate(
            channel=f"PJSIP/{click.endpoint}",
            channel_id=click.channel_id,
            context="pbxd-click",
            exten=click.number,
            caller_id=f"<{click.number}>",
            timeout_s=self._settings.ring_seconds,
            account=click.extension,
            variables=(
                ("PJSIP_HEADER(add,X-Pbxd-Leg)", click.channel_id),
                ("PJSIP_HEADER(add,X-Pbxd-Click)", click.command_id),
            ),
        )
        action_id = f"click-{click.channel_id}"
        self._clicks[action_id] = click
        result = _result(await self._link.send(action, action_id))
        if not result.ok:
            self._clicks.pop(action_id, None)
        return result

    async def send(self, action: actions.Action) -> CommandResult:
        """One action and its end in words."""
        return _result(await self._link.send(action))

    async def hang_up(self, channel: str, cause: int) -> CommandResult:
        """End a channel. One that is gone already is what was wanted."""
        reply = await self._link.send(actions.Hangup(channel, cause))
        if reply.ending is Ending.REFUSED and "No such channel" in reply.message:
            return CommandResult(Result.OK)
        return _result(reply)

    async def talk(self, channel: str) -> CommandResult:
        """Make the desk phone behind a ringing channel answer (NOTIFY, Event: talk)."""
        return await self.send(actions.Notify(channel, "talk"))

    async def hold(self, channel: str) -> CommandResult:
        """Make the desk phone put its other side on hold (NOTIFY, Event: hold)."""
        return await self.send(actions.Notify(channel, "hold"))

    def apply(self, event: AmiEvent) -> None:
        """Hear how a click ended at the agent's own phone."""
        if not isinstance(event, OriginateResponse):
            return
        click = self._clicks.pop(event.action_id, None)
        if click is None:
            return
        result, reason_id, reason = Result.OK, "", ""
        if not event.success:
            self._live.forget(click.channel_id)
            result = Result.REFUSED
            reason_id, reason = _REASONS.get(event.reason, _REASONS[0])
        self._bus.publish(
            CommandSettled(
                event.at, click.command_id, click.agent_id, "dial", result.value, reason_id, reason
            )
        )


def _result(reply: Reply) -> CommandResult:
    match reply.ending:
        case Ending.OK:
            return CommandResult(Result.OK)
        case Ending.REFUSED:
            return refused(
                "pbx-refused", "The telephone system refused: {message}", message=reply.message
            )
        case Ending.TIMED_OUT:
            return CommandResult(
                Result.TIMED_OUT,
                "pbx-timed-out",
                "The telephone system has not answered; the screen will show what became of it.",
            )
        case Ending.LINK_LOST:
            return CommandResult(
                Result.LINK_LOST,
                "pbx-link-lost",
                "There is no connection to the telephone system now; nothing is sent twice.",
            )
