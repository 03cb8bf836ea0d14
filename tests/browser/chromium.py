"""Chromium with a microphone made of a tone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from tests.browser.hearing import voice

ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
    "--autoplay-policy=no-user-gesture-required",
    # a name that is not this machine's own: no secure context, as over plain HTTP in an office
    "--host-resolver-rules=MAP office.test 127.0.0.1",
]


@asynccontextmanager
async def chromium_with(folder: Path, hz: int) -> AsyncIterator[Browser]:
    """A browser of its own whose user says a tone of `hz`."""
    sound = voice(folder, hz)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=[*ARGUMENTS, f"--use-file-for-fake-audio-capture={sound}"],
        )
        try:
            yield browser
        finally:
            await browser.close()
