"""Takes a trade's things out of the office's lists, unless somebody has changed them since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from console.codes import queries as codes
from console.codes.model import Code
from console.consultations import queries as consultations
from console.consultations.model import Type
from console.fields import queries as fields
from console.fields.model import Choice
from console.service_records import queries as services
from console.service_records.model import Phrase
from console.trades.model import Done, Office, What, kept


class Removing:
    """What is gone already counts as taken back."""

    def __init__(self, conn: AsyncConnection, office: Office) -> None:
        self._conn = conn
        self._choices = dict(office.choices)
        self._now: dict[What, Mapping[str, Code | Choice | Type | Phrase]] = {
            What.CODES: {one.id: one for one in office.codes},
            What.FIELDS: self._choices,
            What.TYPES: {one.id: one for one in office.types},
            What.PHRASES: {one.id: one for one in office.phrases},
        }
        self._forget = {
            What.CODES: codes.forget,
            What.FIELDS: fields.forget,
            What.TYPES: consultations.remove_type,
            What.PHRASES: services.forget_phrase,
        }

    async def remove(self, done: Done) -> bool:
        """False: it is not as it was left behind."""
        if done.what in (What.LABELS, What.POP):
            return await self._standard(done)
        now = self._now[done.what].get(done.id)
        if now is not None and kept(now) != done.kept:
            return False
        await self._forget[done.what](self._conn, done.id)
        return True

    async def _standard(self, done: Done) -> bool:
        before = self._choices.get(done.id)
        if before is None:
            return True
        if done.what is What.LABELS:
            if kept(before) != done.kept:
                return False
            after = replace(before, labels={})
        else:
            after = replace(before, in_pop=False)
        self._choices[done.id] = replace(after, version=before.version + 1)
        await fields.keep(self._conn, self._choices[done.id])
        return True
