"""Records as the call log shows them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pbxd.calls.model import Direction
from pbxd.calls.record import CallRecord
from pbxd.desk.queries import Handover, handovers

if TYPE_CHECKING:
    from console.web.context import Context


@dataclass(frozen=True, slots=True)
class CallRow:
    """One line; `name` is the customer's, or what the network said."""

    record: CallRecord
    name: str
    agent: str
    line: str
    handovers: tuple[Handover, ...] = ()  # extensions replaced by names

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

    async with services.daemon.store.reading() as conn:
        chains = await handovers(conn, [record.linkedid for record in records])

    def named(one: Handover) -> Handover:
        by, to = agents.by_extension(one.by), agents.by_extension(one.to)
        return dataclasses.replace(
            one,
            by=by.name if by is not None else one.by,
            to=to.name if to is not None else one.to,
        )

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
            record,
            names.get(record.customer_id, "") or record.name,
            agent(record),
            line(record),
            tuple(named(one) for one in chains.get(record.linkedid, ())),
        )
        for record in records
    ]
