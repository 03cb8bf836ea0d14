"""Tables as they really come, read as the child process reads them."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from console.customer_import import reading
from console.customer_import.reading import UnreadableError
from console.web.cells import defused


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "source"


def rows(file: Path, coding: str = "", separator: str = "") -> list[list[str]]:
    out = file.with_suffix(".rows")
    count = reading.write(file, 0, out, (coding, separator))
    found = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert len(found) == count
    return found


def excel(*lines: Sequence[object], merged: str = "") -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in lines:
        sheet.append(line)
    if merged:
        sheet.merge_cells(merged)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_what_a_spreadsheet_may_hold(file: Path) -> None:
    born = datetime(1980, 3, 5, tzinfo=UTC).replace(tzinfo=None)
    file.write_bytes(
        excel(
            ["이름", "회사", "생년월일", "합", "휴대폰", "이름"],
            ["합친칸", "한빛", born, "=1+1", 1012345678, "두 번째"],
            ["아래", "가려진", "1980년 3월 5일", "가" * 32_767, 3.5, True],
            merged="B2:B3",
        )
    )
    _, first, second = rows(file)
    # a formula that no program has computed has no value; what is merged holds for each row
    assert first == ["합친칸", "한빛", "1980-03-05", "", "1012345678", "두 번째"]
    assert second == ["아래", "한빛", "1980년 3월 5일", "가" * 32_767, "3.5", "1"]


def test_merged_headings_and_a_merged_tail(file: Path) -> None:
    lines = [["이름", "연락처", None], [None, "휴대폰", "전화"], ["가", "1", "2"], [None] * 3]
    lines.append(["나", "3", None])
    book = load_workbook(BytesIO(excel(*lines)))
    assert book.active is not None
    for merged in ("A1:A2", "B1:C1", "C3:C5"):
        book.active.merge_cells(merged)
    book.save(file)
    # across, it stands in the first column; a row with nothing of its own stays empty
    assert rows(file) == [["이름", "연락처"], ["이름", "휴대폰", "전화"], ["가", "1", "2"], [],
                          ["나", "3", "2"]]  # fmt: skip


@pytest.mark.parametrize("kind", [b"\x00\x00", b"\x01\x00"], ids=["xor", "rc4"])
def test_an_old_workbook_with_a_password(file: Path, kind: bytes) -> None:
    start = b"\x09\x08\x10\x00\x00\x06\x05\x00" + b"\x00" * 12
    password = b"\x2f\x00\x06\x00" + kind + b"\x12\x34\x56\x78"
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504
    file.write_bytes(ole + start + password + b"\xff" * 4000)
    with pytest.raises(UnreadableError, match="password"):
        reading.sheets(file)


def test_a_table_that_pbxd_has_written_comes_back_as_it_was(file: Path) -> None:
    cells = ["=1+1", "-메모", "@여기", "+가", "'인용", "+82 10-1234-5678", "'"]
    file.write_bytes(excel([defused(cell) for cell in cells]))
    assert rows(file) == [cells]


def test_the_value_of_a_formula_is_the_one_last_seen(file: Path) -> None:
    with zipfile.ZipFile(BytesIO(excel(["=1+1"]))) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = re.sub(rb"<v ?/>|<v></v>", b"<v>42</v>", data)
            new.writestr(name, data)
    assert rows(file) == [["42"]]


def test_ten_thousand_columns(file: Path) -> None:
    file.write_bytes(excel(["이름", *(f"칸{place}" for place in range(9_999))]))
    assert reading.sheets(file)[0][2] == 10_000
    assert len(rows(file)[0]) == reading.MOST_COLUMNS


@pytest.mark.parametrize(
    ("coding", "separator", "lines"),
    [
        ("utf-8", ";", [["이름", "휴대폰", "주소"], ["가나", "010-1234-5678", "서울, 강남, 1, 2"]]),
        ("cp949", "\t", [["이름", "휴대폰"], ["뷁가", "010-1234-5678"]]),
        ("cp949", ",", [["이름", "주소"], ["金民秀", "서울특별시 강남구 테헤란로"]]),
        ("big5", ",", [["姓名", "行動電話"], ["王小明", "0912-345-678"], ["陳怡君", ""]]),
        ("big5", ",", [["姓名", "住址", "特記"], ["林美惠", "臺北市信義區市府路一號", "重要客戶"]]),
        ("utf-16", ",", [["姓名", "電話"], ["王", "02-2345-6789"]]),
    ],
)
def test_texts_are_guessed(file: Path, coding: str, separator: str, lines: list[list[str]]) -> None:
    text = "\r\n".join(separator.join(line) for line in lines)
    file.write_bytes(text.encode(coding))
    wanted = [[*line] for line in lines]
    for line in wanted:
        while not line[-1]:
            line.pop()
    assert rows(file) == wanted


def test_a_text_cut_in_the_middle_of_a_letter(file: Path) -> None:
    file.write_bytes(("이름,메모\n" + "가나,다라\n" * 100).encode()[:-2])
    assert rows(file)[1] == ["가나", "다라"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "kind"),
        (bytes(range(128, 256)) * 20, "coding"),
        (excel(["이름"])[:2_000], "damaged"),
    ],
)
def test_what_is_no_table_says_why(file: Path, data: bytes, why: str) -> None:
    file.write_bytes(data)
    with pytest.raises(UnreadableError, match=why):
        reading.sheets(file)
