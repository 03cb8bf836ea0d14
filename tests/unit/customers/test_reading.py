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
from openpyxl import Workbook

from console.customer_import import reading
from console.customer_import.reading import UnreadableError


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
    # a formula that no program has computed has no value; merged cells have theirs only once
    assert first == ["합친칸", "한빛", "1980-03-05", "", "1012345678", "두 번째"]
    assert second == ["아래", "", "1980년 3월 5일", "가" * 32_767, "3.5", "1"]


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
