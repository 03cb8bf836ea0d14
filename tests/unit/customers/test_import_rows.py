"""Columns are guessed and rows understood as other programs write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from ulid import ULID

from console.customer_import import guess
from console.customer_import.rows import Reader, Row, code_names, filled_in
from console.customer_import.service import purge
from console.customers.dates import Anniversary, Calendar
from console.customers.model import Details, Phone, PhoneKind
from console.fields.model import STANDARD, Field, Kind
from pbxd.callers.numbers import NumberPlan
from pbxd.errors import InvalidInput

PLAN = NumberPlan("KR", "02")
FIELDS = {one.word: one for one in STANDARD} | {
    "fee": Field("fee", "월사용료", Kind.MONEY, own=True)
}
CODES = {("grade", "골드"): "g1", ("group", "단골"): "g2", ("group", "신규"): "g3"}


def read(zero: bool = True, **cells: str) -> Row:
    """A row with these columns."""
    reader = Reader(
        list(cells), FIELDS, PLAN, lambda word, name: CODES.get((word, name), ""), zero=zero
    )
    return reader.read(list(cells.values()))


@pytest.mark.parametrize(
    ("heads", "words"),
    [
        (["고객명", "휴대폰", "전화번호", "우편번호", "주소"],
         ("name", "mobile", "phone", "postcode", "address")),  # S4-107
        (["客戶編號", "客戶名稱", "行動電話1", "行動電話2", "住址", "社團會籍"],
         ("number", "name", "mobile", "mobile", "address", "membership")),
        (["Name", "E-Mail", "Date of birth", "Unknown thing", "Name"],
         ("name", "email", "birthday", "", "")),
        (["월 사용료", "보통"], ("fee", "")),
    ],
)  # fmt: skip
def test_headings(heads: list[str], words: tuple[str, ...]) -> None:
    assert guess.columns(heads, {"월사용료": "fee"}) == words


def test_the_row_of_the_headings() -> None:
    title = ["고객 명단 2026"]
    heads, row = ["성명", "핸드폰"], ["홍길동", "010-1234-5678"]
    assert guess.header_row([heads, row], {}) == 1
    assert guess.header_row([title, [], heads, row], {}) == 3
    assert guess.header_row([row, row], {}) == 0
    # below a letterhead (S4-107's start row); one word that looks like a heading is a customer's
    assert guess.header_row([title, [], [], ["작성자"], [], heads, row], {}) == 6
    assert guess.header_row([row, row, row, ["메모", "010-1234-5678"]], {}) == 0


@pytest.mark.parametrize(
    ("text", "number", "restored"),
    [
        ("1012345678", "01012345678", 1),
        ("010-1234-5678", "010-1234-5678", 0),
        ("212345678", "0212345678", 1),
        ("15881234", "15881234", 0),
        ("01012345678", "01012345678", 0),
    ],
)
def test_the_zero_that_excel_took(text: str, number: str, restored: int) -> None:
    row = read(mobile=text)
    assert row.details.phones[0].number == number
    assert row.zeros == restored
    assert read(zero=False, mobile=text).zeros == 0


def test_a_full_row() -> None:
    row = read(
        name="홍길동",
        mobile="010-1234-5678, 02-555-0100",
        birthday="음 2023.2.5 윤달",
        sex="여자",
        grade="골드",
        groups="단골; 신규",
        vip="O",
        no_sms="아니오",
        registered_on="2020-05-01",
        fee="30,000",
    )
    found = row.details
    assert [one.kind for one in found.phones] == [PhoneKind.MOBILE, PhoneKind.HOME]
    assert found.birthday == Anniversary(2023, 2, 5, Calendar.LEAP)
    assert (found.sex, found.grade, found.groups) == ("f", "g1", ("g2", "g3"))
    assert (found.vip, found.no_sms) == (True, False)
    assert found.custom == (("fee", "30,000"),)


@pytest.mark.parametrize(
    ("text", "korean", "taiwanese"),
    [
        ("1980년 3월 5일", (1980, 3, 5), (1980, 3, 5)),
        ("1980. 3. 5.", (1980, 3, 5), (1980, 3, 5)),
        ("19800305", (1980, 3, 5), (1980, 3, 5)),
        ("2020. 5. 1 오후 3:00", (2020, 5, 1), (2020, 5, 1)),
        ("2020-05-01T00:00:00", (2020, 5, 1), (2020, 5, 1)),
        ("民國69年3月5日", (1980, 3, 5), (1980, 3, 5)),
        ("민국 69년 3월 5일", (1980, 3, 5), (1980, 3, 5)),
        ("中華民國 69.3.5", (1980, 3, 5), (1980, 3, 5)),
        ("800305", (1980, 3, 5), (1991, 3, 5)),
        ("050305", (2005, 3, 5), (1916, 3, 5)),
        ("80/3/5", (1980, 3, 5), (1991, 3, 5)),
        ("05.3.5", (2005, 3, 5), (1916, 3, 5)),
        ("3월 5일", (0, 3, 5), (0, 3, 5)),
    ],
)
def test_days_as_other_programs_write_them(
    text: str, korean: tuple[int, int, int], taiwanese: tuple[int, int, int]
) -> None:
    for country, wanted in (("KR", korean), ("TW", taiwanese)):
        plan = NumberPlan(country, "02")  # type: ignore[arg-type]
        reader = Reader(["birthday", "registered_on"], FIELDS, plan, lambda *_: "", zero=True)
        assert reader.read([text]).details.birthday == Anniversary(*wanted)
        if wanted[0]:
            assert reader.read(["", text]).details.registered_on == date(*wanted)


def test_files_of_a_month_ago_are_deleted(tmp_path: Path) -> None:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    old, new = (str(ULID.from_datetime(now - timedelta(days=days))) for days in (31, 29))
    for name in (old, new, "something else"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "source").write_text("x")
    purge(tmp_path, now - timedelta(days=30))
    assert {one.name for one in tmp_path.iterdir()} == {new, "something else"}
    purge(tmp_path / "not there", now)


def test_a_single_code_is_not_taken_apart() -> None:
    assert code_names("매장/사무실", FIELDS["category"]) == ["매장/사무실"]
    assert code_names("단골; 신규/ 휴면,", FIELDS["groups"]) == ["단골", "신규", "휴면"]
    assert read(name="가", grade="골드/실버").new_codes == (("grade", "골드/실버"),)


def test_words_of_no_list_are_told() -> None:
    row = read(name="가", grade="백금")
    assert row.new_codes == (("grade", "백금"),)


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"birthday": "어제"}, "birthday"),
        ({"vip": "아마"}, "vip"),
        ({"registered_on": "x"}, "registered_on"),
    ],
)
def test_what_cannot_be_read_says_where(cells: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read(**cells)
    assert refusal.value.field == field


def test_filling_in_adds_and_empties_nothing() -> None:
    before = Details(
        "홍길동",
        memo="단골",
        groups=("g2",),
        phones=(Phone("+821012345678"),),
        custom=(("x", "1"),),
    )
    row = read(name="홍길순", memo="", groups="신규", fee="5")
    row.details = row.details.__class__.from_dict(
        row.details.as_dict() | {"phones": [{"number": "+8225550100", "kind": "home", "memo": ""}]}
    )
    after = filled_in(before, row)
    assert after.name == "홍길순"
    assert after.memo == "단골"
    assert after.groups == ("g2", "g3")
    assert [one.number for one in after.phones] == ["+821012345678", "+8225550100"]
    assert dict(after.custom) == {"x": "1", "fee": "5"}
