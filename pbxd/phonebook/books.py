"""The book in the XML that desk phones read (Yealink and Grandstream remote phonebook, Snom)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, tostring

from pbxd.phonebook.model import Entry, Format


def book(entries: Iterable[Entry], form: Format, dial: Callable[[str], str], title: str) -> bytes:
    """UTF-8 XML. `dial` makes the digits to dial of a number."""
    ordered = sorted(entries, key=lambda entry: (entry.group, entry.name))
    root = {Format.YEALINK: _yealink, Format.GRANDSTREAM: _grandstream, Format.SNOM: _snom}[form](
        ordered, dial, title
    )
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _yealink(entries: list[Entry], dial: Callable[[str], str], title: str) -> Element:
    root = Element("YealinkIPPhoneBook")
    SubElement(root, "Title").text = _text(title)
    for group, members in groupby(entries, key=lambda entry: entry.group):
        menu = SubElement(root, "Menu", Name=_text(group or title))
        for entry in members:
            SubElement(
                menu,
                "Unit",
                Name=_text(entry.name),
                Phone1=dial(entry.number),
                Phone2="",
                Phone3="",
            )
    return root


def _grandstream(entries: list[Entry], dial: Callable[[str], str], title: str) -> Element:
    root = Element("AddressBook")
    groups = {name: str(place) for place, name in enumerate(sorted({e.group for e in entries}), 1)}
    for name, id in groups.items():
        group = SubElement(root, "pbgroup")
        SubElement(group, "id").text = id
        SubElement(group, "name").text = _text(name or title)
    for entry in entries:
        contact = SubElement(root, "Contact")
        SubElement(contact, "FirstName").text = _text(entry.name)
        phone = SubElement(contact, "Phone", type="Work")
        SubElement(phone, "phonenumber").text = dial(entry.number)
        SubElement(phone, "accountindex").text = "1"
        SubElement(contact, "Group").text = groups[entry.group]
    return root


def _snom(entries: list[Entry], dial: Callable[[str], str], title: str) -> Element:
    root = Element("SnomIPPhoneDirectory")
    SubElement(root, "Title").text = _text(title)
    for entry in entries:
        one = SubElement(root, "DirectoryEntry")
        SubElement(one, "Name").text = _text(entry.name)
        SubElement(one, "Telephone").text = dial(entry.number)
    return root


def _text(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(char for char in text if char.isprintable())
