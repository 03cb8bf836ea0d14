"""Files of forms: what they are called, how they go out, and how much is taken."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from aiohttp import ClientSession, FormData, web
from hypothesis import given
from hypothesis import strategies as st

from console.web.uploads import (
    SentFile,
    as_attachment,
    file_name,
    files_one_by_one,
    form_with_files,
    saved_file,
)
from pbxd.errors import InvalidInput


async def listening(
    hear: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> web.AppRunner:
    """A server that hears what is posted to it."""
    app = web.Application()
    app.router.add_post("/", hear)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("연차 신청서.docx", "연차 신청서.docx"),
        (unicodedata.normalize("NFD", "연차.docx"), "연차.docx"),
        ("C:\\Users\\김서준\\가격표.xlsx", "가격표.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nSet-Cookie: x\x00.txt", "a Set-Cookie: x .txt"),
        ("invoice\u202efdp.exe", "invoice fdp.exe"),
        ("..", "file"),
        ("", "file"),
        ("가" * 300 + ".pdf", "가" * 116 + ".pdf"),
        ("x" * 300, "x" * 120),
    ],
)
def test_a_name_for_people(sent: str, kept: str) -> None:
    assert file_name(sent) == kept


@given(st.text())
def test_any_name_makes_one_safe_header(sent: str) -> None:
    name = file_name(sent)
    assert 1 <= len(name) <= 120
    said = as_attachment(name)["Content-Disposition"]
    assert said.isascii()
    assert said.isprintable()
    plain, _, encoded = said.partition("; filename*=UTF-8''")
    assert plain.startswith('attachment; filename="')
    assert plain.count('"') == 2
    assert unquote(encoded) == name


@pytest.fixture
async def sent_to() -> AsyncIterator[tuple[str, list[Any]]]:
    """An address that reads forms (100 bytes a file, 2,000 in all), and what it read."""
    heard: list[Any] = []

    async def hear(request: web.Request) -> web.Response:
        try:
            heard.append(await form_with_files(request, 100, 2000))
        except InvalidInput as refusal:
            heard.append(refusal.id)
        return web.Response()

    runner = await listening(hear)
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/", heard
    await runner.cleanup()


async def test_fields_and_files(sent_to: tuple[str, list[Any]]) -> None:
    address, heard = sent_to
    form = FormData(quote_fields=False)
    for name, value in (("title", "제목"), ("teams", "상담팀"), ("teams", "A/S팀")):
        form.add_field(name, value)
    form.add_field("files", b"x" * 100, filename="가격표.csv")
    form.add_field("files", b"x" * 101, filename="big.csv")
    form.add_field("files", b"", filename="")  # what a browser sends when nothing was chosen
    async with ClientSession() as session, session.post(address, data=form):
        pass
    ((fields, files),) = heard
    assert fields == {"title": "제목", "teams": ["상담팀", "A/S팀"]}
    assert files == [SentFile("가격표.csv", 100, b"x" * 100), SentFile("big.csv", 101, b"")]


async def test_too_much_in_all_is_not_read(sent_to: tuple[str, list[Any]]) -> None:
    address, heard = sent_to
    form = FormData()
    form.add_field("files", b"x" * 2001, filename="a")

    async def unannounced() -> AsyncIterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n'
        for _ in range(30):
            yield b"x" * 100
        yield b"\r\n--b--\r\n"

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    async with ClientSession() as session:
        async with session.post(address, data=form):
            pass
        async with session.post(address, data=unannounced(), headers=headers):
            pass
        async with session.post(address, data=b"no part at all", headers=headers):
            pass
    assert heard == ["too-large", "too-large", "unreadable"]


async def test_what_says_that_it_is_too_big_is_not_waited_for(tmp_path: Path) -> None:
    missing, big = InvalidInput("missing", "x"), InvalidInput("big", "x")
    heard: list[str] = []

    async def hear(request: web.Request) -> web.Response:
        try:
            await saved_file(request, tmp_path / "x", 60 * 2**20, missing=missing, big=big)
        except InvalidInput as refusal:
            heard.append(refusal.id)
        return web.Response(text="heard")

    runner = await listening(hear)
    reader, writer = await asyncio.open_connection(*runner.addresses[0][:2])
    writer.write(
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        b"Content-Length: 209715200\r\n\r\n"  # and not one byte of it
    )
    assert (await reader.readuntil(b"heard")).startswith(b"HTTP/1.1 200")
    writer.close()
    await runner.cleanup()
    assert heard == ["big"]


async def test_files_one_by_one() -> None:
    """Each as soon as it is there; one that is too large is named, and the next still comes."""
    heard: list[SentFile] = []

    async def hear(request: web.Request) -> web.Response:
        try:
            async for file in files_one_by_one(request, 100, 2000):
                heard.append(file)
        except InvalidInput as refusal:
            return web.Response(text=refusal.id)
        return web.Response(text="read")

    runner = await listening(hear)
    address = runner.addresses[0]
    url = f"http://{address[0]}:{address[1]}/"

    def form(*files: tuple[str, bytes]) -> FormData:
        made = FormData()
        made.add_field("word", "typed")
        for name, data in files:
            made.add_field("images", data, filename=name)
        return made

    async def said(**more: Any) -> str:
        async with ClientSession() as session, session.post(url, **more) as answer:
            return await answer.text()

    assert await said(data=form(("a.jpg", b"a" * 100), ("b.jpg", b"b" * 101), ("c.jpg", b"c")))
    assert heard == [
        SentFile("a.jpg", 100, b"a" * 100),
        SentFile("b.jpg", 101, b""),
        SentFile("c.jpg", 1, b"c"),
    ]
    heard.clear()
    assert await said(data=form(("a.jpg", b"a"), ("b.jpg", b"b" * 3000))) == "too-large"
    assert heard == [], "not even begun: its length is known"
    assert await said(data={"word": "no file"}) == "read"
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    assert await said(data=b"--x\r\nnothing of the kind", headers=broken) == "unreadable"
    assert heard == []
    await runner.cleanup()
