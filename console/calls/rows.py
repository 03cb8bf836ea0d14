"""Records as the call log shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pbxd.calls.model import Direction
from pbxd.calls.record import CallRecord

if TYPE_CHECKING:
    from console.web.context import Context


@dataclass(frozen=True, slots=True)
class CallRow:
    """One line; `name` is the customer's, or what the network said."""

    record: CallRecord
    name: str
    agent: str
    line: str

    @property
    def internal(self) -> bool:
        """Between two extensions."""
        return self.record.direction is Direction.INTERNAL


async def call_rows(context: Context, records: Sequence[CallRecord]) -> list[CallRow]:
    """Names of customers, agents and lines put to records."""
    services = context.services
    names = await services.customers.names([record.customer_id for record in records])
    agents = services.daemon.agents
    plan = services.daemon.plan
    lines = {
        plan.normalise(did): name for did, name in services.daemon.settings.office.lines.items()
    }

    def agent(record: CallRecord) -> str:
        found = agents.by_id(record.agent_id) or agents.by_extension(record.extension)
        return found.name if found is not None else record.extension

    def line(record: CallRecord) -> str:
        if record.direction is not Direction.IN:
            return ""
        number = plan.normalise(record.dialled)
        return lines.get(number) or plan.display(number)

    return [
        CallRow(
            record, names.get(record.customer_id, "") or record.name, agent(record), line(record)
        )
        for record in records
    ]
