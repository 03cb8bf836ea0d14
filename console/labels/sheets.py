"""Sheets that shops sell, by their makers' measures, and a sheet as a style sheet."""

from __future__ import annotations

from collections.abc import Iterable

from console.labels.model import Sheet

A4 = (21000, 29700)
LETTER = (21590, 27940)
PAPERS = {"a4": A4, "letter": LETTER}


def _mm(hundredths: int) -> str:
    return f"{hundredths / 100:g}"


def _a4(
    columns: int,
    rows: int,
    size: tuple[int, int],
    corner: tuple[int, int],
    gap_x: int = 0,
    known_as: str = "",
) -> Sheet:
    width, height = size
    left, top = corner
    name = f"{columns} × {rows} · {_mm(width)} × {_mm(height)} mm"
    also = f" ({known_as})" if known_as else ""
    id = f"a4-{columns}x{rows}-{width}"
    return Sheet(id, name + also, *A4, columns, rows, width, height, left, top, gap_x)


# Formtec, Anylabel and others in Korea sell the same divisions of A4 as Avery.
STANDARD: tuple[Sheet, ...] = (
    _a4(2, 7, (9910, 3810), (465, 1515), 250, "Avery L7163"),
    _a4(2, 8, (9910, 3390), (465, 1290), 250, "Avery L7162"),
    _a4(2, 9, (10500, 3300), (0, 0)),  # S3-40
    _a4(2, 9, (10000, 3000), (500, 1350)),
    _a4(2, 4, (9910, 6770), (465, 1310), 250, "Avery L7165"),
    _a4(2, 5, (9910, 5700), (465, 600), 250, "Avery L7173"),
    _a4(2, 10, (10500, 2970), (0, 0)),
    _a4(3, 6, (6350, 4660), (725, 870), 250, "Avery L7161"),
    _a4(3, 7, (6350, 3810), (725, 1515), 250, "Avery L7160"),
    _a4(3, 7, (7000, 4240), (0, 10)),
    _a4(3, 8, (6350, 3390), (725, 1290), 250, "Avery L7159"),
    _a4(3, 8, (7000, 3700), (0, 50)),
    _a4(3, 9, (7000, 3200), (0, 450)),
    _a4(4, 10, (5250, 2970), (0, 0)),
    _a4(5, 13, (3810, 2120), (475, 1070), 250, "Avery L7651"),
    Sheet(
        "letter-2x7", "Letter 2 × 7 · 4 × 1⅓ in (Avery 5162)",
        *LETTER, 2, 7, 10160, 3387, 396, 2117, 476,
    ),
    Sheet(
        "letter-2x10", "Letter 2 × 10 · 4 × 1 in (Avery 5161)",
        *LETTER, 2, 10, 10160, 2540, 396, 1270, 476,
    ),
    Sheet(
        "letter-3x10", "Letter 3 × 10 · 2⅝ × 1 in (Avery 5160)",
        *LETTER, 3, 10, 6668, 2540, 478, 1270, 318,
    ),
)  # fmt: skip


def style(sheet: Sheet, shift_x: int, shift_y: int) -> str:
    """The measures for `labels.css`, and the paper for the printer."""
    values = {
        "paper-w": sheet.paper_width,
        "paper-h": sheet.paper_height,
        "label-w": sheet.width,
        "label-h": sheet.height,
        "sheet-left": sheet.left,
        "sheet-top": sheet.top,
        "gap-x": sheet.gap_x,
        "gap-y": sheet.gap_y,
        "shift-x": shift_x,
        "shift-y": shift_y,
    }
    lines: Iterable[str] = (f"--{name}:{_mm(value)};" for name, value in values.items())
    page = f"{_mm(sheet.paper_width)}mm {_mm(sheet.paper_height)}mm"
    return f":root{{{''.join(lines)}--columns:{sheet.columns};}}\n@page{{size:{page};margin:0;}}\n"
