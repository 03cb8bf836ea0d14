"""What was typed becomes a form, or words that say what is wrong with it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from console.users.rules import browser_name
from console.web.forms import own_path, typed
from pbxd.errors import InvalidInput

HERE = "http://office.example"


class Kind(StrEnum):
    ONE = "one"


class Form(BaseModel):
    name: Annotated[str, Field(min_length=2, max_length=5)] = "ok"
    kind: Kind = Kind.ONE
    count: int = 0
    day: date | None = None
    must: str


@pytest.mark.parametrize(
    ("values", "id", "field"),
    [
        ({}, "field-missing", "must"),
        ({"must": "", "name": "x"}, "field-short", "name"),
        ({"must": "", "name": "xxxxxx"}, "field-long", "name"),
        ({"must": "", "kind": "two"}, "field-choice", "kind"),
        ({"must": "", "count": "many"}, "field-number", "count"),
        ({"must": "", "day": "yesterday"}, "field-date", "day"),
        ({"must": ["a", "b"]}, "field", "must"),
    ],
)
def test_what_is_wrong_is_named(values: dict[str, object], id: str, field: str) -> None:
    with pytest.raises(InvalidInput) as wrong:
        typed(Form, values)
    assert (wrong.value.id, wrong.value.field) == (id, field)
    assert "{" not in str(wrong.value)  # every placeholder has its value


def test_the_limit_is_told() -> None:
    with pytest.raises(InvalidInput, match="at most 5 characters"):
        typed(Form, {"must": "", "name": "xxxxxx"})


# what a browser makes of an address: it drops tabs and line ends and reads \ as /
def as_browsers_read(address: str) -> str:
    kept = "".join(sign for sign in address if sign not in "\t\r\n").strip(" \x00\x0b\x0c")
    return urljoin(HERE, kept.replace("\\", "/"))


@given(st.text(st.sampled_from("/\\\t\r\n .:@evil?#\x00%5c"), max_size=12))
@example("/\\evil")
@example("//evil")
@example("/\t/evil")
def test_nobody_is_sent_to_another_site(address: str) -> None:
    there = own_path(address, "/")
    assert urlsplit(as_browsers_read(there)).netloc == urlsplit(HERE).netloc


@pytest.mark.parametrize("address", ["/", "/calls?direction=in&cursor=a%20b", "/login?next=/calls"])
def test_our_own_addresses_stay(address: str) -> None:
    assert own_path(address, "/elsewhere") == address


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/141.0 Safari/537.36 Edg/141.0",
         "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/141.0 Mobile Safari/537.36", "Chrome · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
         "Safari · iPhone"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_browser_has_a_name(agent: str, name: str) -> None:
    assert browser_name(agent) == name
