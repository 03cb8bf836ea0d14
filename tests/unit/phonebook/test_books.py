"""The books that desk phones read: well-formed whatever people are called."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxd.phonebook.books import book
from pbxd.phonebook.model import Entry, Format

ENTRIES = [
    Entry("1", "", "김서준 <대표> & 동료", "+821012345678", "거래처"),
    Entry("2", "", "왕샤오밍", "+82255512345", ""),
]


def dial(number: str) -> str:
    return number.replace("+82", "0")


def test_yealink() -> None:
    root = fromstring(book(ENTRIES, Format.YEALINK, dial, "한빛상사"))
    assert [(menu.get("Name"), len(menu)) for menu in root.iter("Menu")] == [
        ("한빛상사", 1),
        ("거래처", 1),
    ]
    units = {unit.get("Name"): unit.get("Phone1") for unit in root.iter("Unit")}
    assert units == {"김서준 <대표> & 동료": "01012345678", "왕샤오밍": "0255512345"}


def test_grandstream() -> None:
    root = fromstring(book(ENTRIES, Format.GRANDSTREAM, dial, "한빛상사"))
    groups = {g.findtext("id"): g.findtext("name") for g in root.iter("pbgroup")}
    found = {
        contact.findtext("FirstName"): (
            contact.findtext("Phone/phonenumber"),
            groups[contact.findtext("Group")],
        )
        for contact in root.iter("Contact")
    }
    assert found["왕샤오밍"] == ("0255512345", "한빛상사")
    assert found["김서준 <대표> & 동료"] == ("01012345678", "거래처")


def test_snom() -> None:
    root = fromstring(book(ENTRIES, Format.SNOM, dial, "한빛상사"))
    assert [one.findtext("Telephone") for one in root.iter("DirectoryEntry")] == [
        "0255512345",
        "01012345678",
    ]


@pytest.mark.parametrize("form", Format)
@given(name=st.text(max_size=40), group=st.text(max_size=20))
def test_no_name_breaks_a_book(form: Format, name: str, group: str) -> None:
    fromstring(book([Entry("1", "", name, "+821012345678", group)], form, dial, "x"))
