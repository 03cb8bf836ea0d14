"""What the desk asks others about."""

from __future__ import annotations

from collections.abc import Callable

from pbxd.agents.model import Agent
from pbxd.callers.numbers import Number

# Raises InvalidInput when this agent (None: nobody of ours) may not call this number. Asterisk asks
# the same a second time (`dialplan/pbxd-outgoing.conf`).
MayCall = Callable[[Agent | None, Number], None]
