"""Refused numbers out of a CSV file and into one."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta

from aiohttp import web

from console.audit.notes import noted
from console.blacklist.listing import shown
from console.web.cells import defused
from console.web.context import Context
from console.web.days import end_of
from console.web.uploads import uploaded
from pbxd.blacklist.model import BlockKind
from pbxd.blacklist.service import Wanted
from pbxd.errors import InvalidInput

MOST_BYTES = 10 * 2**20
HEADERS = ("number", "name", "kind", "reason", "until")
SHOWN_WRONG = 20


async def export(context: Context) -> web.StreamResponse:
    """All entries as CSV that Excel opens; a prefix ends with *."""
    zone = context.services.daemon.settings.office.zone
    entries = context.services.daemon.blacklist.all()
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADERS)
    for entry in entries:
        number = shown(context, entry).replace("…", "*")
        last = entry.expires_at and (entry.expires_at - timedelta(seconds=1)).astimezone(zone)
        row = (number, entry.name, entry.kind.value, entry.reason, last.date() if last else "")
        writer.writerow([defused(str(cell)) for cell in row])
    await noted(context, "blacklist.export", "", None, len(entries))
    return web.Response(
        body=b"\xef\xbb\xbf" + out.getvalue().encode(),  # Excel takes it for UTF-8 by that
        content_type="text/csv",
        headers={"Content-Disposition": 'attachment; filename="refused-numbers.csv"'},
    )


async def read_in(context: Context) -> web.StreamResponse:
    """Add what a file holds: all of it or, when something is wrong, nothing; says which rows."""
    data = await _file(context)
    try:
        rows = list(_wanted(context, _text(data)))
        added, wrong = await context.services.daemon.blacklist.add_many(
            rows, context.viewer.user.id
        )
    except InvalidInput as refusal:
        added, rows, wrong = 0, [], [refusal]
    if added:
        await noted(context, "blacklist.import", "", None, added)
    return context.render(
        "blacklist/imported.html",
        status=422 if wrong else 200,
        added=added,
        there=len(rows) - added,
        wrong=[
            (refusal.details.get("row", ""), context.language.refusal(refusal))
            for refusal in wrong[:SHOWN_WRONG]
        ],
        more=max(0, len(wrong) - SHOWN_WRONG),
    )


def _text(data: bytes) -> str:
    for coding in ("utf-8-sig", "cp949", "big5"):
        try:
            return data.decode(coding)
        except UnicodeDecodeError:
            continue
    raise InvalidInput(
        "file-coding", "This is no text file. Save the list as CSV (UTF-8).", field="file"
    )


def _wanted(context: Context, text: str) -> Iterator[Wanted]:
    """The rows; the first one is the header when its first cell holds no digit."""
    zone = context.services.daemon.settings.office.zone
    for place, cells in enumerate(csv.reader(io.StringIO(text))):
        kept = [cell.strip().removeprefix("'") for cell in cells] + [""] * len(HEADERS)
        number, name, kind, reason, until = kept[: len(HEADERS)]
        if not any(kept) or (place == 0 and not any(char.isdigit() for char in number)):
            continue
        try:
            last = end_of(date.fromisoformat(until.replace(".", "-")), zone) if until else None
        except ValueError:
            raise InvalidInput(
                "import-date",
                "Row {row}: write the last day as 2026-12-31.",
                field="file",
                row=place + 1,
            ) from None
        yield Wanted(
            number.rstrip("*…"),
            number.endswith(("*", "…")),
            BlockKind.read(kind),
            name,
            reason,
            last,
        )


async def _file(context: Context) -> bytes:
    """The uploaded file. Raises InvalidInput."""
    return await uploaded(
        context.request,
        MOST_BYTES,
        missing=InvalidInput("csv-missing", "Choose a CSV file first.", field="file"),
        big=InvalidInput("csv-big", "The file is larger than 10 MB.", field="file"),
    )
