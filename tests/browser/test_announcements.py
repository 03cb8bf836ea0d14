"""The administrator hears an announcement, has a text spoken, and puts a recording in its place."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page, expect

from lab.sound import write_tone
from pbxd.announcements.model import Source
from tests.browser.conftest import SampleConsole

CARD = "#a-nobody-available"


async def opened(sample: SampleConsole) -> Page:
    page = await sample.logged_in()
    await page.goto(f"{sample.address}/settings/announcements")
    return page


async def length(page: Page) -> float:
    """How long the sound is that the browser plays."""
    await page.eval_on_selector(f"{CARD} audio", "audio => audio.load()")
    return float(
        await page.eval_on_selector(
            f"{CARD} audio",
            """async audio => {
              audio.preload = "auto"; audio.load();
              await new Promise((done, no) => {
                audio.onloadedmetadata = done; audio.onerror = no;
              });
              return audio.duration;
            }""",
        )
    )


async def test_a_text_a_recording_and_back(sample: SampleConsole, tmp_path: Path) -> None:
    page = await opened(sample)
    card = page.locator(CARD)
    delivered = await length(page)
    assert delivered > 2
    await card.locator("textarea").fill("잠시만 기다려 주세요.")
    await card.get_by_role("button", name="이 문구로 음성 만들기").click()
    await expect(card.locator(".badge")).to_have_text("직접 쓴 문구")
    spoken = await length(page)
    assert 0.5 < spoken < delivered
    await page.set_input_files(f"{CARD} input[type=file]", write_tone(tmp_path / "t.wav", 700, 4))
    await card.get_by_role("button", name="이 녹음 사용").click()
    await expect(card.locator(".badge")).to_have_text("직접 녹음")
    assert round(await length(page)) == 4
    own = sample.now.daemon.announcements.get("nobody-available", "ko")
    assert own.source is Source.RECORDED
    await card.get_by_role("button", name="기본 안내로 되돌리기").click()
    await expect(card.locator(".badge")).to_have_text("기본 제공")
    assert await length(page) == delivered


async def test_what_is_no_sound_is_said_and_nothing_changes(
    sample: SampleConsole, tmp_path: Path
) -> None:
    page = await opened(sample)
    card = page.locator(CARD)
    wrong = tmp_path / "노래.mp3"
    wrong.write_bytes(b"not a song" * 100)
    await page.set_input_files(f"{CARD} input[type=file]", wrong)
    await card.get_by_role("button", name="이 녹음 사용").click()
    await expect(card.get_by_role("alert")).to_contain_text("읽을 수 없는 음성 파일")
    await card.locator("textarea").fill(" ")
    await card.get_by_role("button", name="이 문구로 음성 만들기").click()
    await expect(card.get_by_role("alert")).to_have_text("안내할 문구를 입력하세요.")
    await expect(card.locator(".badge")).to_have_text("기본 제공")
