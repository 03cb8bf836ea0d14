"""The page of things to do, as its users work with it; the web site's door."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import expect

from pbxd.callbacks import queries
from pbxd.callbacks.model import Request, Source
from pbxd.recordings import queries as recordings
from pbxd.recordings.model import Use
from pbxd.store.metadata import new_id
from tests.browser.conftest import SampleConsole, sample_console
from tests.browser.test_console_pictures import ARTEFACTS, fits

TOKEN = "a-token-of-the-web-site"
NUMBER = "+821099990001"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def sample(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SampleConsole]:
    folder = tmp_path_factory.mktemp("sample")
    more = {"console": {"port": 0, "api_token": TOKEN}}
    async with sample_console(folder, **more) as made:
        yield made


async def ask(
    sample: SampleConsole, number: str, source: Source = Source.HOURS, **more: Any
) -> str:
    daemon = sample.now.daemon
    wish = Request(new_id(), number, source, daemon.clock() - timedelta(hours=2), **more)
    made = await daemon.callbacks.ask(wish)
    assert made is not None
    return made.id


async def user_id(sample: SampleConsole, login: str) -> str:
    return next(user.id for user in sample.now.console.services.users.all() if user.login == login)


async def clear(sample: SampleConsole) -> None:
    async with sample.now.daemon.store.reading() as conn:
        ids = [item.id for item in await queries.listed(conn)]
    await sample.now.daemon.callbacks.complete(ids, "test")


async def test_the_list_its_badge_and_completion(sample: SampleConsole) -> None:
    await clear(sample)
    page = await sample.logged_in("101")
    await page.goto(f"{sample.address}/callbacks")
    await expect(page.get_by_text("콜백을 기다리는 고객이 없습니다.")).to_be_visible()
    await expect(page.locator('[data-live="callbacks-badge"] .nav-badge')).to_have_count(0)
    id = await ask(sample, NUMBER, note="견적 문의")
    row = page.locator(f'tr[data-callback-id="{id}"]')
    await expect(row).to_contain_text("010-9999-0001")
    await expect(row).to_contain_text("업무 시간 외")
    await expect(page.locator('[data-live="callbacks-badge"] .nav-badge.age-old')).to_contain_text(
        "1"
    )
    await ask(sample, NUMBER)
    await expect(row.locator(".badge").first).to_have_text("×2")

    await row.locator("summary").click()
    await row.locator("textarea").fill("견적 문의, 오후에")
    await ask(sample, "+821099990002")
    await expect(page.locator('[data-live="callbacks-badge"] .nav-badge')).to_contain_text("2")
    await expect(row.locator("textarea")).to_have_value("견적 문의, 오후에")
    await row.get_by_role("button", name="저장").click()
    await expect(page.locator(f'tr[data-callback-id="{id}"]')).to_contain_text("오후에")
    await expect(page.locator("tr[data-callback-id]")).to_have_count(2)

    await page.locator(f'tr[data-callback-id="{id}"] input[type=checkbox]').check()
    await page.get_by_role("button", name="선택 완료").click()
    await expect(page.locator("tr[data-callback-id]")).to_have_count(1)
    await page.get_by_role("button", name="되돌리기").click()
    await expect(page.locator("tr[data-callback-id]")).to_have_count(2)
    await page.set_viewport_size({"width": 360, "height": 740})
    await fits(page)


async def test_a_message_is_heard_and_nothing_else_is_served(sample: SampleConsole) -> None:
    await clear(sample)
    daemon = sample.now.daemon
    async with daemon.store.reading() as conn:
        (said,) = (await recordings.listed(conn, recordings.Filter())).rows  # the sample's
    file = f"{said.channel}.wav"
    id = await ask(sample, NUMBER, message=file)
    await ask(sample, "", message="1763697600.7.wav")  # somebody who said nothing
    page = await sample.logged_in("101")
    base = f"{sample.address}/callbacks/{id}/messages"
    for first in (0, 2):
        got = await page.request.get(f"{base}/{file}", headers={"Range": f"bytes={first}-3"})
        assert (got.status, await got.body()) == (206, b"OggS"[first:])
        assert got.headers["content-type"] == "audio/ogg"
    for path in ("..%2fpbxd.sqlite3", "1.wav", "%2e%2e/pbxd.sqlite3", f"{file}%00"):
        answer = await page.request.get(f"{base}/{path}")
        assert answer.status in (400, 404), path
    async with daemon.store.reading() as conn:
        (use,) = await recordings.uses(conn, said.id)
    assert (use.use, use.user_id) == (Use.LISTENED, await user_id(sample, "101"))
    guest = await sample.logged_in("guest")
    assert (await guest.request.get(f"{base}/{file}")).status == 403

    await page.goto(f"{sample.address}/callbacks")
    said_in = page.locator(f'tr[data-callback-id="{id}"] + .callback-said')
    await expect(page.get_by_text("남긴 말이 없거나 아직 도착하지 않았습니다.")).to_be_visible()
    for width, height in ((1366, 768), (360, 740)):
        await page.set_viewport_size({"width": width, "height": height})
        await expect(said_in.locator("audio")).to_be_visible()
        await fits(page)
        await page.screenshot(path=ARTEFACTS / f"spoken-message-{width}.png")
    seconds = await said_in.locator("audio").evaluate(
        "a => new Promise(done => {"
        " a.onloadedmetadata = () => done(a.duration); a.preload = 'auto' })"
    )
    assert abs(seconds - said.seconds) < 0.5, "the browser plays it"
    admin = await sample.logged_in("admin")
    await admin.goto(f"{sample.address}/recordings")
    await expect(admin.locator(f'tr[data-recording="{said.id}"]')).to_contain_text("음성 메시지")
    await admin.goto(f"{sample.address}/recordings/{said.id}")
    await expect(admin.locator(".page-note")).to_contain_text("음성 메시지")
    await expect(admin.locator(".player-right")).to_have_count(0)
    await admin.screenshot(path=ARTEFACTS / "spoken-message-player.png", full_page=True)
    await daemon.recordings.delete(said.id, "u", "고객 요청")
    await expect(said_in).to_contain_text("음성 메시지가 삭제되었습니다.")
    await expect(said_in.locator("audio")).to_have_count(0)


async def test_a_promise(sample: SampleConsole) -> None:
    await clear(sample)
    page = await sample.logged_in("101")
    await page.goto(f"{sample.address}/callbacks?tab=recalls")
    await page.fill("#f-c-number", "12")
    await page.fill("#f-c-note", "다시 전화하기로 함")
    await page.get_by_role("button", name="저장").click()
    await expect(page.locator("#e-c-number")).to_be_visible()
    await expect(page.locator("#f-c-note")).to_have_value("다시 전화하기로 함")
    await page.fill("#f-c-number", "010 9999 0003")
    await page.fill("#f-c-due", "2099-01-02T10:30")
    await page.get_by_role("button", name="저장").click()
    row = page.locator("tr[data-callback-id]")
    await expect(row).to_contain_text("2099-01-02 10:30")
    async with sample.now.daemon.store.reading() as conn:
        (item,) = await queries.listed(conn)
    agent = sample.now.daemon.agents.by_extension("101")
    assert agent is not None
    assert item.agent_id == agent.id, "his own when nobody is named"


async def test_all_of_a_customer(sample: SampleConsole) -> None:
    await clear(sample)
    customers = sample.now.console.services.customers
    (first, *_) = (await customers.page()).rows
    await ask(sample, first.details.phones[0].number)
    await ask(sample, NUMBER)
    page = await sample.logged_in("101")
    await page.goto(f"{sample.address}/customers/{first.id}?tab=callbacks")
    await page.get_by_role("button", name="콜백완료(이 고객 전체)").click()
    await expect(page.get_by_role("button", name="콜백완료(이 고객 전체)")).to_have_count(0)
    async with sample.now.daemon.store.reading() as conn:
        assert [item.number for item in await queries.listed(conn)] == [NUMBER]


async def test_missed_calls_of_the_sample(sample: SampleConsole) -> None:
    page = await sample.logged_in("admin")
    await page.goto(f"{sample.address}/callbacks?tab=missed")
    await expect(page.locator("#callbacks-list tbody tr").first).to_be_visible()


async def test_the_web_sites_door(sample: SampleConsole) -> None:
    await clear(sample)
    address = f"{sample.address}/api/callbacks"
    right = {"Authorization": f"Bearer {TOKEN}"}
    async with aiohttp.ClientSession() as session:

        async def sent(body: object, headers: dict[str, str]) -> int:
            async with session.post(address, json=body, headers=headers) as answer:
                return answer.status

        wish = {"number": "010-9999-0009", "note": "홈페이지 문의", "key": "form-1"}
        assert await sent(wish, {}) == 403
        assert await sent(wish, {"Authorization": "Bearer x"}) == 403
        assert await sent({"number": "12"}, right) == 422
        assert await sent({"nothing": 1}, right) == 422
        assert await sent(wish, right) == 201
        assert await sent(wish, right) == 200
    async with sample.now.daemon.store.reading() as conn:
        (item,) = await queries.listed(conn)
    assert (item.source, item.note, item.count) == (Source.WEB, "홈페이지 문의", 1)
