"""Records as the call log shows them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from console.memos import queries as memo_queries
from console.memos.queries import Memo
from console.recordings.rights import agents_of
from pbxd.abuse import queries as abuse_queries
from pbxd.calls.model import Direction
from pbxd.calls.record import CallRecord
from pbxd.desk.queries import Handover, handovers
from pbxd.queues import queries as queue_queries
from pbxd.recordings import queries as recording_queries
from pbxd.talk_limit import queries as limit_queries

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
    queue: str = ""  # through which queue it came, and how long it waited there (seconds)
    waited: float = 0.0
    abuse: str = ""  # the kind of abuse for which it was warned or ended
    over_time: bool = False  # ended by long-call protection
    memo: Memo | None = None
    recording: str = ""  # of its first part, for who may hear it

    @property
    def internal(self) -> bool:
        """Between two extensions."""
        return self.record.direction is Direction.INTERNAL

    @property
    def lasted(self) -> float:
        """From its beginning to its end, in seconds: so long the caller was patient."""
        return (self.record.ended_at - self.record.started_at).total_seconds()


async def call_rows(
    context: Context, records: Sequence[CallRecord], *, in_full: bool = True
) -> list[CallRow]:
    """Names of customers, agents and lines put to records; `in_full`: what only a page shows."""
    services = context.services
    names = await services.customers.names([record.customer_id for record in records])
    agents = services.daemon.agents
    plan = services.daemon.plan
    lines = {
        plan.normalise(did): name for did, name in services.daemon.settings.office.lines.items()
    }

    async with services.daemon.store.reading() as conn:
        linkedids = [record.linkedid for record in records]
        waits = await queue_queries.waits(conn, linkedids)
        memos = await memo_queries.of(conn, [record.id for record in records])
        linkedids = linkedids if in_full else []
        chains = await handovers(conn, linkedids)
        abuses = await abuse_queries.of_calls(conn, linkedids)
        over_time = await limit_queries.ended(conn, linkedids)
        heard = [record.id for record in records] if in_full else []
        recorded = await recording_queries.of_calls(conn, heard)
    heard_by = agents_of(context)

    def recording(record: CallRecord) -> str:
        parts = recorded.get(record.id)
        if not parts or not context.viewer.may("recordings"):
            return ""
        mine = heard_by is None or parts[0].agent_id in heard_by
        return parts[0].id if mine else ""

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
            *waits.get(record.linkedid, ("", 0.0)),
            abuses.get(record.linkedid, ""),
            record.linkedid in over_time,
            memos.get(record.id),
            recording(record),
        )
        for record in records
    ]
