"""Recordings in a real browser: the list, the player, rights against direct addresses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, expect

from lab.office import MAIN_NUMBER, Office
from lab.outside import City
from lab.pytest_plugin import MakePhone
from lab.waiting import until
from pbxd.agents.model import DeviceKind
from pbxd.calls.model import Direction
from pbxd.recordings import queries, rules, sealed, sound
from pbxd.recordings.model import Fault, Recording, Use
from pbxd.recordings.policy import Mode, Of, Policy, Special
from tests.browser.conftest import SampleConsole, sample_console
from tests.browser.desk_office import DeskOffice
from tests.browser.test_console_pictures import ARTEFACTS, fits
from tests.pbx.verbs import forget, in_step
from tests.unit.recordings.test_sound import tone

MINE, OTHERS = "a" * 26, "b" * 26  # sealed, as it was before the office had a key
KEY = bytes(range(32))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def sample(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SampleConsole]:
    folder = tmp_path_factory.mktemp("sample")
    (folder / "spool").mkdir()
    (folder / "key").write_text(KEY.hex())
    async with sample_console(
        folder,
        pbx={"spool": folder / "spool"},
        store={"directory": folder, "recordings_key": folder / "key"},
    ) as made:
        async with made.now.daemon.store.reading() as conn:
            (message,) = (await queries.listed(conn, queries.Filter())).rows
        await made.now.daemon.recordings.delete(message.id, "", "the sample's spoken message")
        await keep(made, folder, MINE, "101", 60)
        await keep(made, folder, OTHERS, "102", 3, (Fault.LENGTH,))
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def desk(office: Office, tmp_path: Path) -> AsyncIterator[DeskOffice]:
    for file in office.spool.glob("rec-*"):  # of other tests' calls
        file.unlink()
    async with DeskOffice.open(office, tmp_path, records=True) as running:
        yield running
    await forget(office, "pbxd/record")


async def keep(
    sample: SampleConsole,
    folder: Path,
    id: str,
    extension: str,
    seconds: float,
    faults: tuple[Fault, ...] = (),
) -> None:
    """A real recording: our tone in the first half, the customer's in the second, a pause."""
    daemon = sample.now.daemon
    half = seconds / 2
    silence = np.zeros(round(half * sound.RATE), dtype="<i2")
    left = np.concatenate([silence, tone(440, half)])
    right = np.concatenate([tone(880, half), silence])
    raw = folder / "one.raw"
    np.column_stack([left, right]).astype("<i2").tofile(raw)
    started = daemon.clock() - timedelta(hours=1)
    key = KEY if id == MINE else None
    file = f"2026/11/21/{id}.opus{sealed.ENDING if key else ''}"
    made = sound.convert(raw, folder / "recordings" / file, 0, key)
    agent = daemon.agents.by_extension(extension)
    customers = sample.now.console.services.customers
    (first, *_) = (await customers.page()).rows
    assert agent is not None
    recording = Recording(
        id=id,
        call_id="",
        channel=id,
        started_at=started,
        seconds=made.seconds,
        file=file,
        size=made.size,
        sha256=made.sha256,
        direction=Direction.IN,
        number=first.details.phones[0].number,
        customer_id=first.id,
        agent_id=agent.id,
        extension=extension,
        left_db=made.left_db,
        right_db=made.right_db,
        faults=faults,
        pauses=((1.0, 2.0),),
        on_hold=False,
        deleted_at=None,
    )
    async with daemon.store.writing() as conn:
        await queries.add(conn, id, recording, made.peaks)
    await daemon.recordings.load()


async def at(page: Page) -> float:
    return float(await page.evaluate("document.querySelector('[data-player] audio').currentTime"))


async def reaches(page: Page, second: float) -> None:
    """Until the player is there."""

    async def there() -> bool:
        return await at(page) >= second

    await until(there, f"second {second} is reached", 10)


async def used(sample: SampleConsole, id: str) -> list[Use]:
    async with sample.now.daemon.store.reading() as conn:
        return [use.use for use in await queries.uses(conn, id)]


async def test_it_plays_seeks_and_marks(sample: SampleConsole) -> None:
    page = await sample.logged_in("admin")
    await page.goto(f"{sample.address}/recordings")
    await expect(page.locator("tr[data-recording]")).to_have_count(2)
    await page.locator(f'tr[data-recording="{MINE}"]').get_by_role("link", name="재생").click()
    wave = page.locator(".player-wave")
    await expect(wave).to_be_visible()
    await page.get_by_role("button", name="재생", exact=True).click()
    await reaches(page, 0.4)
    await page.get_by_role("button", name="멈춤", exact=True).click()
    box = await wave.bounding_box()
    assert box is not None
    await page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 20)
    await reaches(page, 29)
    await wave.focus()
    await page.keyboard.press("ArrowRight")
    await reaches(page, 34)
    await page.keyboard.press("Home")
    assert await at(page) < 1
    await page.keyboard.press("End")
    await page.keyboard.press("ArrowLeft")
    await page.fill("#f-m-text", "환불 약속")
    await page.get_by_role("button", name="추가").click()
    marker = page.locator(".player-markers li")
    await expect(marker).to_contain_text("환불 약속")
    await reaches(page, 54)  # the page comes back to the same second
    await page.locator("[data-player-speed]").select_option("2")
    assert await page.evaluate("document.querySelector('[data-player] audio').playbackRate") == 2
    assert Use.LISTENED in await used(sample, MINE)
    await page.screenshot(path=ARTEFACTS / "player-ko-wide.png")
    await page.set_viewport_size({"width": 360, "height": 740})
    await fits(page)
    await page.screenshot(path=ARTEFACTS / "player-ko-phone.png")


async def test_the_list_by_period_name_number_and_agent(sample: SampleConsole) -> None:
    daemon = sample.now.daemon
    (first, *_) = (await sample.now.console.services.customers.page()).rows
    number = daemon.plan.display(first.details.phones[0].number)
    agent = daemon.agents.by_extension("102")
    assert agent is not None
    async with daemon.store.reading() as conn:
        mine = await queries.one(conn, MINE)
    assert mine is not None
    old, inside = "c" * 26, "d" * 26
    for id, changed in (
        (old, {"started_at": daemon.clock() - timedelta(days=500)}),
        (inside, {"direction": Direction.INTERNAL, "number": "102", "customer_id": ""}),
    ):
        async with daemon.store.writing() as conn:
            await queries.add(conn, id, replace(mine, id=id, file=id, **changed), b"")  # type: ignore[arg-type]
    page = await sample.logged_in("admin")

    async def listed(query: str) -> set[str]:
        await page.goto(f"{sample.address}/recordings?{query}")
        rows = await page.locator("tr[data-recording]").all()
        return {str(await row.get_attribute("data-recording")) for row in rows}

    assert await listed("") == {MINE, OTHERS}
    assert await listed("internal=true") == {MINE, OTHERS, inside}
    assert await listed(f"agent={agent.id}") == {OTHERS}
    assert await listed(f"who={quote(first.name)}") == {MINE, OTHERS}
    assert await listed(f"who={quote(number)}&all=true") == {MINE, OTHERS}
    assert await listed("who=%EC%97%86%EB%8A%94%EC%9D%B4%EB%A6%84") == set()
    assert await listed("since=2020-01-01") == {MINE, OTHERS, old}, "as far back as there are any"
    assert await listed("since=2020-01-01&until=2020-12-31") == set()
    async with daemon.store.writing() as conn:
        for id in (old, inside):
            await queries.removed(conn, id, daemon.clock())


async def test_a_link_to_a_second_and_ranges(sample: SampleConsole) -> None:
    page = await sample.logged_in("admin")
    await page.goto(f"{sample.address}/recordings/{MINE}?t=42")
    await reaches(page, 41)
    before = (await used(sample, MINE)).count(Use.LISTENED)
    for id in (MINE, OTHERS):
        sound_of = f"{sample.address}/recordings/{id}/audio"
        whole = await (await page.request.get(sound_of)).body()
        assert whole.startswith(b"OggS")
        for wanted, part in {
            "bytes=100-199": whole[100:200],
            "bytes=-50": whole[-50:],
            f"bytes={len(whole) - 10}-": whole[-10:],
        }.items():
            got = await page.request.get(sound_of, headers={"Range": wanted})
            assert (got.status, await got.body()) == (206, part)
        got = await page.request.get(sound_of, headers={"Range": f"bytes={len(whole)}-"})
        assert got.status == 416
        assert got.headers["content-range"] == f"bytes */{len(whole)}"
    before += 1  # the whole of it, as a player that does not seek gets it
    assert (await used(sample, MINE)).count(Use.LISTENED) == before, "seeking is no listening"
    peaks = await page.request.get(f"{sample.address}/recordings/{MINE}/peaks")
    body = await peaks.body()
    half = len(body) // 2
    assert max(body[: half // 2 - 5]) == 0, "the customer was silent first"
    assert min(body[half + 5 : half + half // 2 - 5]) > 100


async def test_rights_hold_against_direct_addresses(sample: SampleConsole) -> None:
    page = await sample.logged_in("101")
    await page.goto(f"{sample.address}/recordings?internal=true&suspicious=false")
    await expect(page.locator("tr[data-recording]")).to_have_count(1)
    await expect(page.get_by_role("link", name="다운로드")).to_have_count(0)
    base = f"{sample.address}/recordings"
    for path, status in (
        (f"{MINE}/audio", 200),
        (f"{OTHERS}/audio", 403),
        (f"{OTHERS}/peaks", 403),
        (OTHERS, 403),
        (f"{MINE}/download", 403),
        (f"{'c' * 26}/audio", 404),
        ("..%2f..%2fpbxd.sqlite3/audio", 404),
    ):
        assert (await page.request.get(f"{base}/{path}")).status == status, path
    stranger = await sample.page()
    answer = await stranger.request.get(f"{base}/{MINE}/audio", max_redirects=0)
    assert answer.status in (303, 403)


async def test_what_does_not_look_right_is_shown_to_the_supervisor(sample: SampleConsole) -> None:
    page = await sample.logged_in("108")
    await page.goto(f"{sample.address}/recordings")
    await page.get_by_role("link", name="보기").click()
    await expect(page.locator("tr[data-recording]")).to_have_count(1)
    await expect(page.locator("tr[data-recording]")).to_contain_text("통화 시간과 길이가 다름")


async def test_download_hold_and_deletion(sample: SampleConsole) -> None:
    page = await sample.logged_in("admin")
    async with page.expect_download() as download:
        await page.goto(f"{sample.address}/recordings")
        await (
            page.locator(f'tr[data-recording="{OTHERS}"]')
            .get_by_role("link", name="다운로드")
            .click()
        )
    assert (await download.value).suggested_filename.endswith(".opus")
    assert Use.DOWNLOADED in await used(sample, OTHERS)
    await page.goto(f"{sample.address}/recordings/{OTHERS}")
    await page.get_by_role("button", name="보존: 기간이 지나도").click()
    await expect(page.get_by_role("button", name="보존 해제")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    await page.fill("#f-d-why", "고객이 삭제를 요청함")
    await page.get_by_role("button", name="영구 삭제").click()
    await expect(page.locator("#e-d-why")).to_contain_text("보존 중인")
    await page.get_by_role("button", name="보존 해제").click()
    await expect(page.get_by_role("button", name="보존: 기간이 지나도")).to_be_visible()
    await page.fill("#f-d-why", "고객이 삭제를 요청함")
    await page.get_by_role("button", name="영구 삭제").click()
    await expect(page.locator("h1")).to_have_text("녹취 삭제 확인서")
    await page.goto(f"{sample.address}/recordings")
    await expect(page.locator("tr[data-recording]")).to_have_count(1)


async def test_the_agent_pauses_while_a_card_number_is_said(
    desk: DeskOffice, profile: BrowserContext, city: City, desk_phone: MakePhone
) -> None:
    await desk.agent("101", "김민아", DeviceKind.DESK)
    await in_step(desk.daemon.recordings._mirror)
    phone = await desk_phone("101", 660)
    page = await desk.log_in(profile, "101")
    bar = page.locator("#callbar")
    await expect(bar).to_have_attribute("data-state", "available")
    button = page.locator('[data-main="record"]')
    await expect(button).to_be_hidden()
    call = await city.call(MAIN_NUMBER, "01012345678", audio=440)
    await phone.wait_ringing()
    await phone.answer()
    await expect(bar).to_have_attribute("data-state", "up")
    await expect(button).to_have_attribute("aria-pressed", "false")
    await button.click()
    await expect(button).to_have_attribute("aria-pressed", "true")
    assert len(desk.daemon.recordings.paused) == 1
    await page.evaluate(
        """() => {
            const field = document.createElement("input");
            field.dataset.pausesRecording = "";
            field.id = "card";
            document.querySelector("#main").append(field);
        }"""
    )
    await button.click()
    await expect(button).to_have_attribute("aria-pressed", "false")
    await page.focus("#card")
    await expect(button).to_have_attribute("aria-pressed", "true")
    await page.locator("#card").blur()
    await expect(button).to_have_attribute("aria-pressed", "false")
    (raw,) = desk.office.spool.glob("rec-*")
    begun = rules.raw(raw.name)
    assert begun is not None
    talked = (desk.daemon.clock() - begun.begun).total_seconds()
    await until(lambda: sound.raw_seconds(raw) > talked, "they talk on behind the second pause", 20)
    await call.hang_up()

    async def kept() -> bool:
        async with desk.daemon.store.reading() as conn:
            rows = (await queries.listed(conn, queries.Filter())).rows
        return len(rows) == 1 and len(rows[0].pauses) == 2

    await until(kept, "it is kept with both pauses", 20)
    await page.goto(f"{desk.console.address}/calls")
    await page.get_by_title("녹취 듣기").click()
    await expect(page.locator(".player-wave")).to_be_visible()


async def test_on_demand_the_agent_keeps_a_call(
    desk: DeskOffice, profile: BrowserContext, city: City, desk_phone: MakePhone
) -> None:
    await desk.agent("101", "김민아", DeviceKind.DESK)
    await desk.daemon.recordings.set_policy(Policy(incoming=Mode.DEMAND))
    await in_step(desk.daemon.recordings._mirror)
    phone = await desk_phone("101", 660)
    page = await desk.log_in(profile, "101")
    bar = page.locator("#callbar")
    await expect(bar).to_have_attribute("data-state", "available")
    call = await city.call(MAIN_NUMBER, "01012345678", audio=440)
    await phone.wait_ringing()
    await phone.answer()
    await expect(bar).to_have_attribute("data-state", "up")
    keep_it, pause = page.locator('[data-main="keep"]'), page.locator('[data-main="record"]')
    await expect(keep_it).to_be_visible()
    await expect(pause).to_be_hidden()
    await page.set_viewport_size({"width": 360, "height": 740})
    await fits(page)
    await page.screenshot(path=ARTEFACTS / "record-on-demand-ko-phone.png")
    await page.keyboard.press("Alt+g")
    await expect(keep_it).to_be_hidden()
    await expect(pause).to_have_attribute("aria-pressed", "false")
    await call.hang_up()

    async def kept() -> bool:
        async with desk.daemon.store.reading() as conn:
            return len((await queries.listed(conn, queries.Filter())).rows) == 1

    await until(kept, "it is kept", 20)


async def test_what_is_recorded_is_set_for_queues_and_agents(sample: SampleConsole) -> None:
    page = await sample.logged_in("admin")
    await page.goto(f"{sample.address}/recordings")
    agent = sample.now.daemon.agents.by_extension("101")
    assert agent is not None
    await page.get_by_text("일부 대기열과 상담원의 다른 규칙").click()
    await page.select_option(f"#r-{agent.id}", f"{agent.id}=never")
    await page.select_option("#f-internal", "demand")
    async with page.expect_response("**/recordings/policy"):
        await page.get_by_role("button", name="저장").click()
    await expect(page.locator("details[open] summary")).to_be_visible()
    await expect(page.locator("#f-internal")).to_have_value("demand")
    policy = sample.now.daemon.recordings.policy
    assert policy.internal is Mode.DEMAND
    assert policy.specials == (Special(Of.AGENT, agent.id, Mode.NEVER),)
    await page.screenshot(path=ARTEFACTS / "recording-rules-ko-wide.png", full_page=True)
    await page.set_viewport_size({"width": 360, "height": 740})
    await fits(page)
    await page.screenshot(path=ARTEFACTS / "recording-rules-ko-phone.png", full_page=True)
