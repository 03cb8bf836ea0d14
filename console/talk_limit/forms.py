"""The settings page of the length of calls."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from pbxd.talk_limit.model import AtEnd, Rule


class RuleForm(BaseModel):
    """The rule, in minutes as people think of it."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    on: bool = False
    incoming: bool = False
    outgoing: bool = False
    warn_minutes: int = 15
    end_minutes: int = 20
    extend_minutes: int = 5
    most_extensions: int = 0
    at_end: AtEnd = AtEnd.END
    vip: bool = False
    exempt_queues: list[str] = []

    def rule(self) -> Rule:
        """As the daemon keeps it."""
        return Rule(
            on=self.on,
            incoming=self.incoming,
            outgoing=self.outgoing,
            warn_seconds=self.warn_minutes * 60,
            end_seconds=self.end_minutes * 60,
            extend_seconds=self.extend_minutes * 60,
            most_extensions=self.most_extensions,
            at_end=self.at_end,
            vip=self.vip,
            exempt_queues=tuple(self.exempt_queues),
        )
