"""Damaged workbooks and texts, opened as pbxd opens them: what is damaged is said to be that."""

from __future__ import annotations

import asyncio
import random
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from console.customer_import.opening import first_rows, opened
from console.customer_import.reading import UNPACKED
from pbxd.errors import InvalidInput

OLD = (Path(__file__).parent / "old.xls").read_bytes()  # of Excel 97: 60 customers
ENOUGH = 2**20
CELL = b"\xfd\x00\x0a\x00"  # LabelSst ([MS-XLS] 2.4.149), then its row and column


def new() -> bytes:
    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for place in range(60):
            sheet.write_row(place, 0, (f"손님{place}", "010-1234-5678", place * 1.5))
    return out.getvalue()


def flipped(data: bytes, seed: int, bytes_of_it: int) -> bytes:
    """The same with some bytes changed, but for those that say what it is."""
    chance, changed = random.Random(seed), bytearray(data)  # noqa: S311
    for _ in range(bytes_of_it):
        changed[chance.randrange(8, len(data))] = chance.randrange(256)
    return bytes(changed)


async def said(data: bytes) -> str:
    """The id of the refusal; "" it can be read."""
    try:
        await first_rows(data, ENOUGH)
    except InvalidInput as refusal:
        return refusal.id
    return ""


async def all_said(*files: bytes) -> set[str]:
    """The same of several, two at a time."""
    two = asyncio.Semaphore(2)

    async def one(data: bytes) -> str:
        async with two:
            return await said(data)

    return set(await asyncio.gather(*map(one, files)))


async def test_whole_ones_can_be_read() -> None:
    (head, *rows), other = await asyncio.gather(first_rows(OLD, ENOUGH), first_rows(new(), ENOUGH))
    assert head == ["이름", "휴대폰", "회사", "생년월일", "메모"]
    assert rows[0] == ["손님0", "010-1234-0000", "한빛상사", "1980-01-01", "단골"]
    assert len(rows) == len(other) == 60


async def test_cut_short() -> None:
    xls = [OLD[: len(OLD) * part // 6] for part in range(1, 6)]
    xlsx = [new()[: len(new()) * part // 4] for part in range(1, 4)]
    assert await all_said(*xls, *xlsx) == {"file-damaged"}


async def test_cells_of_an_old_workbook_that_are_nowhere() -> None:
    """What opens it wants memory for four thousand million cells, and is ended."""
    at = OLD.index(CELL) + len(CELL)
    assert await said(OLD[:at] + b"\xff" * 4 + OLD[at + 4 :]) == "file-damaged"


async def test_bytes_changed() -> None:
    xls = (flipped(OLD, seed, 20) for seed in range(4))
    xlsx = (flipped(new(), seed, 20) for seed in range(4))
    assert await all_said(*xls, *xlsx) <= {"file-damaged", ""}


async def test_a_text_is_none_or_is_read_as_it_is() -> None:
    text = ("이름,휴대폰\n" + "손님,010-1234-5678\n" * 200).encode()
    assert await all_said(text[:-40], flipped(text, 1, 5)) == {""}
    assert await said(b"\x00" * 100 + text) == "file-kind"


@pytest.mark.parametrize(
    ("held", "unpacked", "why"), [(700_000, UNPACKED + 1, "unpacked"), (10, 2**31 - 1, "damaged")]
)
async def test_a_zip_that_unpacks_to_very_much(
    tmp_path: Path, held: int, unpacked: int, why: str
) -> None:
    """So it says of itself; of the second one no packing makes so much."""
    file = tmp_path / "source"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("xl/workbook.xml", b"x" * held)
    data = file.read_bytes()
    at = data.rindex(b"PK\x01\x02") + 24  # in the directory at the end
    file.write_bytes(data[:at] + unpacked.to_bytes(4, "little") + data[at + 4 :])
    with pytest.raises(InvalidInput) as refusal:
        await opened("sheets", file)
    assert refusal.value.id == f"file-{why}"


async def test_rows_that_are_more_than_somebody_takes() -> None:
    with pytest.raises(InvalidInput) as refusal:
        await first_rows(new(), 100)
    assert refusal.value.id == "file-unpacked"
