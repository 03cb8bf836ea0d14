"""Labels: the choice with a picture of the sheet, and the sheets as they are printed."""

from __future__ import annotations

from urllib.parse import urlencode

from aiohttp import web

from console.codes import model as lists
from console.labels import rules
from console.labels.drawing import Job, job_of, labels_of
from console.labels.forms import PartQuery, ShiftQuery
from console.labels.model import (
    AUTO,
    DIRECTIONS,
    HONORIFICS,
    NONE,
    ORDERS,
    SIZES,
    TITLES,
)
from console.labels.sheets import STANDARD, style
from console.web.context import Context

PATH = "/labels"
SHOWN = 200  # of those who get none, by name


async def page(context: Context) -> web.StreamResponse:
    """What is printed, for whom, on what; the first label as it will be."""
    job = await job_of(context)
    sample = await labels_of(context, job, range(min(job.count, 1)))
    codes, text = context.services.codes, context.language.text
    words = {AUTO: text("By sex"), NONE: text("None")}
    return context.render(
        "labels/page.html",
        job=job,
        choice=job.choice,
        sample=sample,
        honorifics=[(one, words.get(one, one)) for one in HONORIFICS],
        titles=TITLES,
        directions=DIRECTIONS,
        sizes=SIZES,
        orders=ORDERS,
        standard=STANDARD,
        own=await context.services.labels.sheets(),
        classes=[
            (word, context.services.fields.label(field, context.language), codes.of(list))
            for word, field, list in (
                ("group", "groups", lists.GROUP),
                ("grade", "grade", lists.GRADE),
                ("category", "category", lists.CATEGORY),
            )
        ],
        shown=SHOWN,
    )


async def sheets(context: Context) -> web.StreamResponse:
    """One page of sheets; from here they can be printed, so it is written down."""
    job, asked = await job_of(context), context.query(PartQuery)
    per_sheet = job.sheet.per_sheet
    which, blank, parts = rules.part_of(job.choice.start, job.count, per_sheet, asked.part)
    labels = await labels_of(context, job, which)
    if labels:
        copies = job.choice.copies
        ids = () if job.office else dict.fromkeys(job.chosen.ids[n // copies] for n in which)
        whom = job.named or "ticked"
        service = context.services.labels
        await service.printed(
            context.viewer.user.id, whom, ids, len(labels), job.sheet, job.choice.kept()
        )
    return context.render(
        "labels/sheets.html",
        job=job,
        choice=job.choice,
        pages=rules.on_sheets(labels, blank, per_sheet),
        part=min(asked.part, parts - 1),
        parts=parts,
        first=which.start,
        shown=len(labels),
        now=asked.now,
        link=_link(job),
    )


async def stylesheet(context: Context) -> web.StreamResponse:
    """A sheet's measures for the page that draws it."""
    asked = context.query(ShiftQuery)
    sheet = await context.services.labels.sheet(asked.sheet)
    text = style(sheet, round(asked.shift_x * 100), round(asked.shift_y * 100))
    headers = {"Cache-Control": "no-store"}
    return web.Response(text=text, content_type="text/css", headers=headers)


def _link(job: Job) -> str:
    return "&".join(one for one in (urlencode(job.whom), job.choice.link()) if one)
