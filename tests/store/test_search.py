"""Search finds what is there, in Korean, by initials, by digits, and nothing else."""

from __future__ import annotations

import unicodedata

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pbxd.store import search
from pbxd.store.engine import Store
from pbxd.store.paging import Page

hangul = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=2, max_size=6)
words = st.one_of(hangul, st.text("abcxyzÄß王小明", min_size=2, max_size=8))


async def put(store: Store, id: str, values: list[str], numbers: list[str]) -> None:
    async with store.writing() as conn:
        await search.index(conn, "customer", id, values, numbers)


async def found(store: Store, query: str) -> list[str]:
    async with store.reading() as conn:
        return list((await search.find(conn, "customer", query)).rows)


async def test_names_initials_digits_and_parts(store: Store) -> None:
    await put(store, "1", ["홍길동", "서울시 해운대로 12"], ["01012345678"])
    await put(store, "2", ["김서준", "(주)베네콤2호점"], ["0222997123"])
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
    assert await found(store, "베네콤") == await found(store, "ㅂㄴㅋ") == ["2"]
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


# few letters, so that many words hold the right pairs in the wrong places
letters = st.one_of(
    st.text("가나하강ㄱㄴab ", min_size=1, max_size=9), st.text("가나 ", min_size=3, max_size=9)
)


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(texts=st.lists(letters, min_size=6, max_size=6), query=letters)
@example(texts=["홍길 길동", "01012 0123"], query="홍길동")
@example(texts=["ab bc", "abc"], query="abc")
async def test_exactly_what_holds_every_word_is_found(
    store: Store, texts: list[str], query: str
) -> None:
    for place, value in enumerate(texts):
        await put(store, str(place), [value], [])
    right = [str(place) for place, value in enumerate(texts) if fits(value, query)]
    assert [id for id in await found(store, query) if int(id) < len(texts)] == right[::-1]


def fits(value: str, query: str) -> bool:
    """Written down again, without an index."""
    first = str.maketrans("가나하강", "ㄱㄴㅎㄱ")
    runs = "".join(char if char in "가나하강" else " " for char in value).split()
    held = [*value.split(), *(run.translate(first) for run in runs)]
    return bool(query.split()) and all(any(word in one for one in held) for word in query.split())


async def test_pages_of_hits_meet_whatever_arrives_meanwhile(store: Store) -> None:
    for place in range(7):
        await put(store, str(place), ["홍길동" if place % 3 else "김서준"], [])

    async def one(cursor: str) -> Page[str]:
        async with store.reading() as conn:
            return await search.find(conn, "customer", "길동", 2, cursor)

    first = await one("")
    assert (first.rows, first.previous) == (("5", "4"), "")
    await put(store, "new", ["홍길동"], [])
    second = await one(first.next)
    assert (second.rows, second.next) == (("2", "1"), "")
    assert (await one(second.previous)).rows == ("5", "4")
    assert (await one("no cursor")).rows == ("new", "5")


async def test_an_underscore_is_a_gap(store: Store) -> None:
    await put(store, "1", ["kim_cs@example.com"], [])
    for query in ("kim_cs", "kim", "cs", "_kim_", "k_c"):
        assert await found(store, query) == ["1"], query
    assert await found(store, "_") == []
