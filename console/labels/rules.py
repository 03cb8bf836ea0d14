"""What stands on labels, where the next one goes, which sheets can be. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from console.customers.model import Details
from console.labels.model import (
    AUTO,
    FURTHER,
    MAIN,
    NONE,
    Chosen,
    Label,
    Line,
    Options,
    Order,
    Place,
    Recipient,
    Sender,
    Sheet,
    Title,
)
from console.web.i18n import msgid
from pbxd.errors import InvalidInput

MOST_LABELS = 20_000  # of one choice
AT_ONCE = 2_000  # on one page; more are printed part by part
LARGEST, SMALLEST, MOST_LINES = 60_000, 500, 40  # paper, label: hundredths of mm; rows, columns
FIELDS = (
    "paper_width", "paper_height", "columns", "rows", "width", "height", "left", "top",
    "gap_x", "gap_y",
)  # fmt: skip

BY_SEX = {"m": msgid("Mr. {name}"), "f": msgid("Ms. {name}"), "": msgid("To {name}")}
COMPANY = msgid("Messrs. {name}")
Text = Callable[..., str]  # a language's


def place_of(recipient: Recipient | Details, wanted: str) -> Place | None:
    """The address asked for; where there is none of that kind the main one. None: no address."""
    if wanted != MAIN:
        for kind, postcode, address, address2 in further_of(recipient):
            if address and wanted in (FURTHER, kind):
                return Place(postcode, address, address2)
    if not recipient.address.strip():
        return None
    extra = recipient.address2 if isinstance(recipient, Details) else ""
    return Place(recipient.postcode, recipient.address, extra)


def further_of(one: Recipient | Details) -> tuple[tuple[str, str, str, str], ...]:
    """(kind, postcode, address, extra) of further addresses."""
    if isinstance(one, Recipient):
        return one.further
    return tuple(
        (cells[0], cells[1], cells[2], cells[3])
        for entry in one.of("addresses")
        if len(cells := (*entry.cells, "", "", "", "")) >= 4
    )


def chosen(recipients: Iterable[Recipient], options: Options) -> Chosen:
    """Who gets one, in order."""
    wanted: list[tuple[tuple[str, ...], str]] = []
    refused: list[Recipient] = []
    homeless: list[Recipient] = []
    for one in recipients:
        place = place_of(one, options.address)
        if one.no_label:
            refused.append(one)
        elif place is None:
            homeless.append(one)
        else:
            wanted.append((_key(one, place, options.order), one.id))
    wanted.sort()
    return Chosen(tuple(id for _, id in wanted), tuple(refused), tuple(homeless))


def _key(one: Recipient, place: Place, order: Order) -> tuple[str, ...]:
    first = {Order.NAME: "", Order.NUMBER: one.number, Order.POSTCODE: place.postcode}[order]
    return ("1" if order is not Order.NAME and not first else "0", first, one.name)


def label_of(details: Details, phone: str, options: Options, text: Text, code: str) -> Label:
    """A customer's label; `text` speaks the office's language `code`, `phone` as people read it."""
    place = place_of(details, options.address) or Place("", "")
    where = [
        Line("postcode", place.postcode if options.postcode else ""),
        Line("address", " ".join(one for one in (place.address, place.address2) if one)),
    ]
    company = " ".join(one for one in (details.company, details.department) if one)
    who = [
        Line("company", company if options.company and details.kind != "company" else ""),
        Line("name", name_of(details, options, text)),
    ]
    more = [
        Line("phone", phone if options.phone else ""),
        Line("number", details.number if options.number else ""),
    ]
    small_first = code == "en"
    lines = [*where, *who][:: -1 if small_first else 1] + more
    return tuple(one for one in lines if one.text)


def name_of(details: Details, options: Options, text: Text) -> str:
    """With the job title and the form of address (S3-41, S3-42)."""
    name, title = details.name, details.title.strip()
    if title and options.title is Title.INSTEAD:
        return f"{name} {title}"
    if title and options.title is Title.BESIDES:
        name = f"{name} {title}"
    if options.honorific == NONE:
        return name
    if options.honorific != AUTO:
        return f"{name} {options.honorific}"
    if details.kind == "company":
        return text(COMPANY, name=name)
    return text(BY_SEX.get(details.sex, BY_SEX[""]), name=name)


def sender_label(sender: Sender) -> Label:
    """The office's own."""
    lines = (
        Line("postcode", sender.postcode),
        Line("address", sender.address),
        Line("name", sender.name),
        Line("phone", sender.phone),
    )
    return tuple(one for one in lines if one.text)


def sender_line(sender: Sender) -> Line:
    """The office in one small line above an address."""
    parts = (sender.name, sender.postcode, sender.address, sender.phone)
    return Line("sender", " · ".join(one for one in parts if one))


def part_of(start: int, count: int, per_sheet: int, part: int) -> tuple[range, int, int]:
    """Of one page of sheets: which labels (from 0), blank places before them, how many parts.

    `start` is the first place on the first sheet, from 1.
    """
    places = max(AT_ONCE // per_sheet, 1) * per_sheet
    used = start - 1
    parts = max(-(-(used + count) // places), 1)
    part = min(max(part, 0), parts - 1)
    first = max(part * places - used, 0)
    last = min((part + 1) * places - used, count)
    return range(first, max(last, first)), used if part == 0 else 0, parts


def on_sheets(labels: Sequence[Label], blank: int, per_sheet: int) -> list[list[Label]]:
    """Sheet by sheet, with empty places where labels are gone already."""
    every: list[Label] = [()] * blank + list(labels)
    return [every[place : place + per_sheet] for place in range(0, len(every), per_sheet)]


def checked(sheet: Sheet) -> Sheet:
    """Raises InvalidInput: what cannot be printed."""
    if not sheet.name:
        raise InvalidInput("sheet-name", "Enter a name.", field="name")
    for name in ("paper_width", "paper_height", "width", "height"):
        if not SMALLEST <= getattr(sheet, name) <= LARGEST:
            raise InvalidInput(
                "sheet-size",
                "From {least} to {most} mm.",
                field=name,
                least=SMALLEST // 100,
                most=LARGEST // 100,
            )
    _fits(sheet.left, sheet.columns, sheet.width, sheet.gap_x, sheet.paper_width, "width")
    _fits(sheet.top, sheet.rows, sheet.height, sheet.gap_y, sheet.paper_height, "height")
    return sheet


def _fits(margin: int, count: int, size: int, gap: int, paper: int, field: str) -> None:
    over = margin + count * size + (count - 1) * gap - paper
    if over > 0:
        raise InvalidInput(
            "sheet-over",
            "With margin and gaps the labels are {over} mm larger than the paper.",
            field=field,
            over=f"{over / 100:g}",
        )


def length(typed: str, field: str) -> int:
    """`99.1` mm in hundredths. Raises InvalidInput."""
    plain = typed.strip().lower().removesuffix("mm").strip().replace(",", ".")
    try:
        found = float(plain or "0")
    except ValueError:
        found = -1
    if not 0 <= found <= LARGEST / 100:
        raise InvalidInput("sheet-length", "Enter a length in mm, as 99.1.", field=field)
    return round(found * 100)


def count(typed: str, field: str) -> int:
    """Raises InvalidInput."""
    if not typed.strip().isdecimal() or not 1 <= int(typed) <= MOST_LINES:
        raise InvalidInput("sheet-many", "From 1 to {most}.", field=field, most=MOST_LINES)
    return int(typed)
