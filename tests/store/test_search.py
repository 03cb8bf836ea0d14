"""Search finds what is there, in Korean, by initials, by digits, and nothing else."""

from __future__ import annotations

import unicodedata

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pbxd.store import search
from pbxd.store.engine import Store

hangul = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=2, max_size=6)
words = st.one_of(hangul, st.text("abcxyzÄß王小明", min_size=2, max_size=8))


async def put(store: Store, id: str, values: list[str], numbers: list[str]) -> None:
    async with store.writing() as conn:
        await search.index(conn, "customer", id, values, numbers)


async def found(store: Store, query: str) -> list[str]:
    async with store.reading() as conn:
        return await search.find(conn, "customer", query)


async def test_names_initials_digits_and_parts(store: Store) -> None:
    await put(store, "1", ["홍길동", "서울시 해운대로 12"], ["01012345678"])
    await put(store, "2", ["김서준", "(주)베네콤"], ["0222997123"])
    for query in (
        "홍길동",
        "길동",
        "홍",
        "동",
        "ㅎㄱㄷ",
        "ㄱㄷ",
        "5678",
        "010-1234",
        "+82 10 1234 5678",
        "해운대",
        "홍길동 5678",
        "홍길동 해운",
    ):
        assert await found(store, query) == ["1"], query
    for query in ("길홍", "홍동", "ㅎㄷ", "56789", "해운 서준"):
        assert await found(store, query) == [], query
    assert await found(store, "베네콤") == ["2"]
    assert await found(store, "") == []
    assert await found(store, '" OR *') == []


async def test_house_numbers_and_digits_in_a_memo(store: Store) -> None:
    await put(store, "1", ["홍길동", "해운대로 12-34", "계약 2026-01-15, 내선 7"], [])
    await put(store, "2", ["김서준", "해운대로 1234"], [])
    for query in ("12-34", "해운대로 12-34", "1234"):
        assert await found(store, query) == ["2", "1"], query
    for query in ("2026-01-15", "2026-01", "계약 2026", "내선 7"):
        assert await found(store, query) == ["1"], query


async def test_kinds_are_kept_apart(store: Store) -> None:
    await put(store, "1", ["홍길동"], [])
    async with store.writing() as conn:
        await search.index(conn, "order", "1", ["홍길동 정수기"], [])
    assert await found(store, "홍길동") == ["1"]
    assert await found(store, "정수기") == []


async def test_decomposed_and_wide_forms_are_the_same(store: Store) -> None:
    await put(store, "1", [unicodedata.normalize("NFD", "홍길동")], ["０１０１２３４５６７８"])
    assert await found(store, "홍길동") == ["1"]
    assert await found(store, "12345678") == ["1"]


async def test_what_changed_is_found_as_it_is_now(store: Store) -> None:
    await put(store, "1", ["홍길동"], [])
    await put(store, "1", ["김서준"], [])
    assert await found(store, "홍길동") == []
    assert await found(store, "김서준") == ["1"]
    async with store.writing() as conn:
        await search.remove(conn, "customer", "1")
    assert await found(store, "김서준") == []


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(word=words, data=st.data())
async def test_every_part_of_two_characters_is_found(
    store: Store, word: str, data: st.DataObject
) -> None:
    await put(store, "x", [word], [])
    body = search.plain(word)
    start = data.draw(st.integers(0, max(0, len(body) - 2)))
    end = data.draw(st.integers(min(len(body), start + 2), len(body)))
    part = body[start:end]
    if len(search.terms(part)) == 1:
        assert await found(store, part) == ["x"]
