"""Full-text search for Korean, Chinese and numbers: bigrams that we make ourselves.

SQLite's trigram tokenizer finds nothing below three characters, and Korean names have three. So
each word is indexed as its overlapping pairs, its last character, and (Hangul) the pairs of its
initial consonants: ㅎㄱㄷ finds 홍길동. Candidates are checked against the text. Results come
newest first, never by rank: ranking common words costs a hundred times more.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from sqlalchemy import (
    Column,
    Integer,
    Select,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    column,
    select,
    table,
    text,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from pbxd.store.many import insert_many
from pbxd.store.metadata import metadata
from pbxd.store.paging import PAGE, Keys, Page, page

search_docs = Table(
    "search_docs",
    metadata,
    Column("rowid", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("id", String(26), nullable=False),
    Column("plain", Text, nullable=False),
    Column("tokens", Text, nullable=False),
    UniqueConstraint("kind", "id"),
)

CREATE_INDEX = (
    "CREATE VIRTUAL TABLE search_text USING fts5("
    "tokens, content='search_docs', content_rowid='rowid', tokenize='unicode61', detail='none')"
)

# The index gives candidates that hold all pairs; the text itself decides.
_INDEX = table("search_text", column("rowid", Integer))
_FIND = (
    select(search_docs.c.id, _INDEX.c.rowid)
    .join_from(_INDEX, search_docs, search_docs.c.rowid == _INDEX.c.rowid)
    .where(
        text("search_text MATCH :match"),
        search_docs.c.kind == bindparam("kind"),
        text(
            "NOT EXISTS (SELECT 1 FROM json_each(:words) AS word"
            " WHERE instr(search_docs.plain, word.value) = 0)"
        ),
    )
)
_NEWEST_FIRST = Keys((_INDEX.c.rowid,))

_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_INITIAL_OF = {0xAC00 + place: _INITIALS[place // 588] for place in range(588 * len(_INITIALS))}
_WORD = re.compile(r"[^\W_]+")  # the index, too, takes _ for a gap
_HANGUL = re.compile(r"[가-힣]+")  # also inside 한빛테크2팀
_NUMBER = re.compile(r"\+?[0-9][0-9\-.() ]*[0-9]")
_LONGEST = 20_000  # characters of one document


# NFKC turns the letters that people type (ㅎ) into conjoining ones; back to what is typed
_TYPED = {0x1100 + place: letter for place, letter in enumerate(_INITIALS)}


def plain(value: str) -> str:
    """Composed, half-width, small letters."""
    if value.isascii():
        return value.casefold()
    return unicodedata.normalize("NFKC", value).casefold().translate(_TYPED)


def initials(word: str) -> str:
    """`홍길동` → `ㅎㄱㄷ`, for a word that is all Hangul."""
    return word.translate(_INITIAL_OF)


def document(values: Iterable[str], numbers: Iterable[str]) -> str:
    """The text that is searched: words, their initial consonants, numbers as bare digits."""
    texts = plain("\n".join(value for value in values if value))  # no word goes over a line
    found: list[str] = _WORD.findall(texts)
    found += [initials(run) for run in _HANGUL.findall(texts)]
    # a house number 12-34 is asked for as one, like a telephone number
    written = [run for run in _NUMBER.findall(texts) if not run.isdigit()]
    found += [_digits(number) for number in (*written, *(plain(one) for one in numbers))]
    return " ".join(word for word in found if word)[:_LONGEST]


@dataclass(frozen=True, slots=True)
class Doc:
    """A document as the index takes it."""

    plain: str
    tokens: str

    def __reduce__(self) -> tuple[type[Doc], tuple[str, str]]:
        """For another process: a dataclass's own way takes three times as long."""
        return Doc, (self.plain, self.tokens)

    @classmethod
    def of(cls, values: Iterable[str], numbers: Iterable[str]) -> Self:
        """From what `document` takes."""
        text = document(values, numbers)
        return cls(text, tokens(text))

    def with_also(self, word: str) -> Doc:
        """With one word more."""
        more = plain(word)
        if more in self.plain:
            return self
        return Doc(f"{self.plain} {more}"[:_LONGEST], f"{self.tokens} {tokens(more)}")


def tokens(document_text: str) -> str:
    """What the index holds of a document."""
    found: dict[str, None] = {}
    for word in document_text.split():
        for start in range(len(word) - 1):
            found[word[start : start + 2]] = None
        found[f"{word[-1]}"] = None
    return " ".join(found)


def terms(query: str) -> list[str]:
    """The words of a query; what looks like a telephone number is one word of digits."""
    value = plain(query)
    numbers: list[str] = []

    def take(match: re.Match[str]) -> str:
        digits = _digits(match.group())
        if match.group().startswith("+82") or match.group().startswith("+886"):
            digits = "0" + digits.removeprefix("886").removeprefix("82").removeprefix("0")
        numbers.append(digits)
        return " "

    rest = _NUMBER.sub(take, value)
    return [*_WORD.findall(rest), *numbers]


def match(words: Sequence[str]) -> str:
    """The index query for `words`, all of which must be there."""
    parts: list[str] = []
    for word in words:
        if len(word) == 1:
            parts.append(f'"{word}"*')
        else:
            parts += [f'"{word[start : start + 2]}"' for start in range(len(word) - 1)]
    return " AND ".join(dict.fromkeys(parts))


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


async def create_search(conn: AsyncConnection) -> None:
    """Make the index (a migration does the same)."""
    await conn.execute(text(CREATE_INDEX))


async def index(
    conn: AsyncConnection, kind: str, id: str, values: Iterable[str], numbers: Iterable[str]
) -> None:
    """Put a document in the index, or bring it up to date."""
    await remove(conn, kind, id)
    body = document(values, numbers)
    made = await conn.execute(
        text(
            "INSERT INTO search_docs (kind, id, plain, tokens) VALUES (:kind, :id, :plain, :tokens)"
            " RETURNING rowid, tokens"
        ),
        {"kind": kind, "id": id, "plain": body, "tokens": tokens(body)},
    )
    row = made.one()
    await conn.execute(
        text("INSERT INTO search_text (rowid, tokens) VALUES (:rowid, :tokens)"),
        {"rowid": row.rowid, "tokens": row.tokens},
    )


async def index_many(conn: AsyncConnection, kind: str, docs: Sequence[tuple[str, Doc]]) -> None:
    """Put new documents in the index: for who reads in thousands."""
    highest = await conn.execute(text("SELECT coalesce(max(rowid), 0) FROM search_docs"))
    first = int(highest.scalar_one()) + 1
    rows = [
        {"rowid": first + place, "kind": kind, "id": id, "plain": doc.plain, "tokens": doc.tokens}
        for place, (id, doc) in enumerate(docs)
    ]
    if rows:
        await insert_many(conn, search_docs, rows)
        await conn.exec_driver_sql(
            "INSERT INTO search_text (rowid, tokens) VALUES (?, ?)",
            [(row["rowid"], row["tokens"]) for row in rows],
        )


async def remove(conn: AsyncConnection, kind: str, id: str) -> None:
    """Take a document out of the index."""
    found = await conn.execute(
        text("SELECT rowid, tokens FROM search_docs WHERE kind = :kind AND id = :id"),
        {"kind": kind, "id": id},
    )
    row = found.one_or_none()
    if row is None:
        return
    await conn.execute(
        text(
            "INSERT INTO search_text (search_text, rowid, tokens)"
            " VALUES ('delete', :rowid, :tokens)"
        ),
        {"rowid": row.rowid, "tokens": row.tokens},
    )
    await conn.execute(text("DELETE FROM search_docs WHERE rowid = :rowid"), {"rowid": row.rowid})


def hits(words: Sequence[str]) -> Select[tuple[int]]:
    """Documents of any kind that hold all of `words`: to count them up to a limit."""
    return select(_INDEX.c.rowid).where(
        text("search_text MATCH :words").bindparams(words=match(words))
    )


def matching(kind: str, words: Sequence[str]) -> Select[tuple[str]]:
    """The ids of documents of `kind` that hold all of `words` (as `words_of` gives them)."""
    # +kind: by its index every document would be looked at
    return select(search_docs.c.id).where(
        search_docs.c.rowid.in_(hits(words)),
        text("+search_docs.kind = :kind").bindparams(kind=kind),
    )


def words_of(value: str) -> list[str]:
    """The words of a text as the index has them."""
    return _WORD.findall(plain(value))


async def find(
    conn: AsyncConnection, kind: str, query: str, size: int = PAGE, cursor: str = ""
) -> Page[str]:
    """One page of the ids of the documents that hold every word of `query`, newest first."""
    words = [word for word in terms(query) if word][:12]
    if not words:
        return Page(())
    asked = _FIND.params(match=match(words), kind=kind, words=json.dumps(words))
    return await page(
        conn, asked, _NEWEST_FIRST, cursor, lambda row: str(row.id), lambda row: (row.rowid,), size
    )
