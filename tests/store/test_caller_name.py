"""What a desk phone shows: the customer's name, when there is one and only one."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest

from console.customers.files import customer_files
from console.customers.model import Details, Phone
from console.customers.service import Customers
from pbxd.agi.session import Question
from pbxd.callers.hook import LONGEST_NAME, CallerName
from pbxd.callers.numbers import NumberPlan
from pbxd.store.engine import Store

PLAN = NumberPlan("KR", "02")
HONG = Details("홍길동", phones=(Phone("010-1234-5678"),))


@pytest.fixture
def customers(store: Store) -> Customers:
    return customer_files(store, PLAN, lambda: datetime.now(UTC))


async def name_of(customers: Customers, caller: str) -> dict[str, str]:
    question = Question("/caller-name", {}, caller=caller)
    return dict(await CallerName(customers, PLAN)(question))


async def test_the_one_customer_however_the_network_writes_the_number(customers: Customers) -> None:
    await customers.create(HONG, "u")
    for caller in ("01012345678", "+821012345678", "821012345678"):
        assert await name_of(customers, caller) == {"CALLERID(name)": "홍길동"}, caller


@pytest.mark.parametrize(
    "caller", ["", "anonymous", "unknown", "01099998888", "101", "김", "0" * 80]
)
async def test_nobody_known(customers: Customers, caller: str) -> None:
    await customers.create(HONG, "u")
    assert await name_of(customers, caller) == {}


async def test_of_two_customers_the_one_who_was_chosen(customers: Customers) -> None:
    first = await customers.create(HONG, "u")
    await customers.create(dataclasses.replace(HONG, name="김서준"), "u")
    assert await name_of(customers, "01012345678") == {}
    await customers.choose("+821012345678", first.id)
    assert await name_of(customers, "01012345678") == {"CALLERID(name)": "홍길동"}
    await customers.delete(first.id, "u")
    assert await name_of(customers, "01012345678") == {"CALLERID(name)": "김서준"}


async def test_what_a_phone_cannot_show_is_left_out(customers: Customers) -> None:
    await customers.create(dataclasses.replace(HONG, name="홍\u200b길동\u2028" + "가" * 70), "u")
    name = (await name_of(customers, "01012345678"))["CALLERID(name)"]
    assert name == ("홍길동" + "가" * 70)[:LONGEST_NAME]


@pytest.mark.parametrize("last", ["ᄒᆞᆫ글", "e\u0301e", "👍🏽👍", "か\u3099か"])
async def test_a_name_is_cut_between_letters(customers: Customers, last: str) -> None:
    name = "가" * (LONGEST_NAME - 1) + last
    await customers.create(dataclasses.replace(HONG, name=name + "나" * 100), "u")
    assert await name_of(customers, "01012345678") == {
        "CALLERID(name)": "가" * (LONGEST_NAME - 1)
    }, "not half a letter"
