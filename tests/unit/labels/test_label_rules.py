"""What stands on labels, who gets one, and where each one goes."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.customers.model import Details, Entry
from console.labels import rules
from console.labels.forms import FIRST, ChoiceQuery, SheetForm, typed_of
from console.labels.model import Line, Options, Order, Place, Recipient, Sender, Title
from console.labels.sheets import STANDARD, style
from console.web.i18n import Languages
from pbxd.errors import InvalidInput

LANGUAGES = Languages("ko", ZoneInfo("Asia/Seoul"))
YIRU = Details(
    "李意如",
    number="A000000004",
    company="全國房展",
    department="業務部",
    title="總經理",
    sex="f",
    postcode="235",
    address="台北縣中和市振興南路98號",
    address2="3樓",
)
WORK = Entry("addresses", ("公司", "100", "台北市中正區八德路1段26號", "", ""))
PLAIN = Options()
HOME = Entry("addresses", ("老家", "", "花蓮市中山路1號"))


def texts(details: Details, options: Options = PLAIN, code: str = "zh_Hant") -> list[str]:
    label = rules.label_of(details, "02-2679-4791", options, LANGUAGES[code].text, code)
    return [line.text for line in label]


def test_postcode_address_name_and_the_form_of_address_by_sex() -> None:
    where = ["235", "台北縣中和市振興南路98號 3樓"]
    assert texts(YIRU) == [*where, "李意如 小姐"]
    assert texts(replace(YIRU, sex="m"))[-1] == "李意如 先生"
    assert texts(replace(YIRU, sex=""))[-1] == "李意如 君"
    assert texts(replace(YIRU, kind="company"))[-1] == "李意如 台照"
    assert texts(YIRU, code="ko")[-1] == "李意如 님"
    assert texts(replace(YIRU, kind="company"), code="ko")[-1] == "李意如 귀중"
    assert texts(YIRU, code="en") == ["Ms. 李意如", "台北縣中和市振興南路98號 3樓", "235"]
    assert texts(YIRU, Options(postcode=False))[0] == where[1]


@pytest.mark.parametrize(
    ("options", "name"),
    [
        (Options(title=Title.INSTEAD), "李意如 總經理"),  # in place of 小姐, not added to it
        (Options(title=Title.BESIDES), "李意如 總經理 小姐"),
        (Options(title=Title.BESIDES, honorific="台啟"), "李意如 總經理 台啟"),
        (Options(honorific="귀하"), "李意如 귀하"),
        (Options(honorific="none"), "李意如"),
    ],
)
def test_the_job_title_and_other_forms_of_address(options: Options, name: str) -> None:
    assert texts(YIRU, options)[-1] == name
    without = replace(YIRU, title="")
    assert texts(without, options.model_copy(update={"honorific": "auto"}))[-1] == "李意如 小姐"


def test_company_phone_and_customer_number_by_choice() -> None:
    options = Options(company=True, phone=True, number=True)
    assert texts(YIRU, options)[2:] == [
        "全國房展 業務部",
        "李意如 小姐",
        "02-2679-4791",
        "A000000004",
    ]
    firm = replace(YIRU, kind="company")
    assert "全國房展 業務部" not in texts(firm, options), "it is the name already"


def test_a_further_address_and_the_main_one_without() -> None:
    with_both = replace(YIRU, entries=(WORK, HOME))
    main = Place("235", "台北縣中和市振興南路98號", "3樓")
    assert rules.place_of(with_both, "main") == main
    assert rules.place_of(with_both, "公司") == Place("100", "台北市中正區八德路1段26號")
    assert rules.place_of(with_both, "老家") == Place("", "花蓮市中山路1號")
    assert rules.place_of(with_both, "further") == Place("100", "台北市中正區八德路1段26號")
    assert rules.place_of(YIRU, "公司") == main
    assert rules.place_of(replace(YIRU, address=" "), "main") is None


def test_who_gets_none_and_in_which_order() -> None:
    people = [
        Recipient("1", "다", "A3", "300", "a", no_label=False),
        Recipient("2", "나", "", "100", "b", no_label=False),
        Recipient("3", "가", "A1", "", "c", no_label=False),
        Recipient("4", "라", "A4", "100", "d", no_label=True),
        Recipient("5", "마", "A5", "100", " ", no_label=False),
        Recipient("6", "바", "A6", "", "", False, (("직장", "9", "e", ""),)),
    ]
    found = rules.chosen(people, Options())
    assert found.ids == ("3", "2", "1")
    assert [one.id for one in found.refused] == ["4"]
    assert [one.id for one in found.homeless] == ["5", "6"]
    assert rules.chosen(people, Options(order=Order.NUMBER)).ids == ("3", "1", "2")
    by_postcode = Options(order=Order.POSTCODE, address="직장")
    assert rules.chosen(people, by_postcode).ids == ("2", "1", "6", "3")


@settings(deadline=None)
@given(st.integers(1, 65), st.integers(0, 3000), st.integers(1, 13), st.integers(1, 13))
def test_each_label_is_printed_once_and_in_its_place(
    start: int, count: int, columns: int, rows: int
) -> None:
    per_sheet = columns * rows
    start = min(start, per_sheet)
    seen: list[int] = []
    parts = 1
    part = 0
    while part < parts:
        which, blank, parts = rules.part_of(start, count, per_sheet, part)
        labels = [(Line("name", str(one)),) for one in which]
        assert blank == (start - 1 if part == 0 else 0)
        sheets = rules.on_sheets(labels, blank, per_sheet)
        assert all(len(sheet) == per_sheet for sheet in sheets[:-1])
        assert len(which) <= max(rules.AT_ONCE, per_sheet)
        if part + 1 < parts:
            assert len(sheets[-1]) == per_sheet, "another part begins on a new sheet"
        seen += which
        part += 1
    assert seen == list(range(count))


def test_standard_sheets_can_be_printed() -> None:
    assert len({one.id for one in STANDARD}) == len(STANDARD)
    for sheet in STANDARD:
        rules.checked(sheet)
        right = sheet.paper_width - sheet.left - sheet.columns * sheet.width
        right -= (sheet.columns - 1) * sheet.gap_x
        assert abs(right - sheet.left) <= 20, f"{sheet.name} stands in the middle"
        below = sheet.paper_height - sheet.top - sheet.rows * sheet.height
        assert abs(below - sheet.top) <= 90, sheet.name
    measured = style(STANDARD[1], 150, -50)
    assert "--label-w:99.1;" in measured
    assert "--shift-x:1.5;--shift-y:-0.5;" in measured
    assert "@page{size:210mm 297mm;margin:0;}" in measured


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"width": "110"}, "width", "14.65 mm larger than the paper"),
        ({"height": "40", "gap_y": "1,5"}, "height", "46.5 mm larger"),
        ({"width": "1"}, "width", "From 5 to 600 mm."),
        ({"columns": "0"}, "columns", "From 1 to 40."),
        ({"rows": "8.5"}, "rows", "From 1 to 40."),
        ({"left": "-1"}, "left", "Enter a length in mm"),
        ({"top": "nan"}, "top", "Enter a length in mm"),
        ({"gap_x": "무엇"}, "gap_x", "Enter a length in mm"),
        ({"name": ""}, "name", "Enter a name."),
    ],
)
def test_a_sheet_that_cannot_be(changes: dict[str, str], field: str, words: str) -> None:
    right = {"name": "우리 것", "width": "99.1 mm", "height": "33,9", "left": "4.65", "top": "13"}
    assert rules.checked(SheetForm.model_validate(right).made()).width == 9910
    with pytest.raises(InvalidInput, match=words) as refusal:
        rules.checked(SheetForm.model_validate(right | changes).made())
    assert refusal.value.field == field


def test_a_sheet_is_typed_as_it_is_kept() -> None:
    for sheet in STANDARD:
        made = typed_of(sheet).made(sheet.id)
        assert made == sheet


def test_the_last_choice_without_the_place_on_a_used_sheet() -> None:
    choice = ChoiceQuery(
        chosen=True, start=5, copies=3, company=True, title=Title.INSTEAD, shift_x=1.5
    )
    kept = ChoiceQuery.kept_as(choice.kept())
    assert kept == choice.model_copy(update={"start": 1, "copies": 1})
    assert not kept.postcode
    assert FIRST.postcode
    assert ChoiceQuery.kept_as("title=nonsense") == FIRST.model_copy(update={"chosen": True})
    assert ChoiceQuery.kept_as("honorific=nobody").honorific == "auto"


def test_the_office_on_labels() -> None:
    office = Sender("한빛상사", "04157", "마포대로 38", "02-555-0100")
    assert [line.text for line in rules.sender_label(office)] == [
        "04157",
        "마포대로 38",
        "한빛상사",
        "02-555-0100",
    ]
    assert rules.sender_line(office).text == "한빛상사 · 04157 · 마포대로 38 · 02-555-0100"
    assert rules.sender_label(Sender()) == ()
