"""Draws the icons of the installed console from its one picture: `python -m tests.make_icons`.

Run by hand after a change of console/ui/pictures/icon.svg; the PNG files lie beside it.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from playwright.async_api import async_playwright

PICTURES = Path(__file__).parents[1] / "console" / "ui" / "pictures"
# name → pixels, what is behind it, how much of the side the picture takes
ICONS = {
    "icon-192.png": (192, "transparent", 100),
    "icon-512.png": (512, "transparent", 100),
    "icon-180.png": (180, "#1d4b73", 100),  # iOS cuts the corners by itself
    "icon-maskable.png": (512, "#1d4b73", 76),  # any shape is cut out of the middle
}


async def main() -> None:
    """Draw them all."""
    picture = (PICTURES / "icon.svg").read_text("utf-8")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        page = await browser.new_page()
        for name, (size, ground, part) in ICONS.items():
            await page.set_viewport_size({"width": size, "height": size})
            await page.set_content(
                f"<style>body{{margin:0;background:{ground};display:grid;place-items:center;"
                f"block-size:100vh}}svg{{inline-size:{part}%}}</style>{picture}"
            )
            await page.screenshot(path=PICTURES / name, omit_background=True)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
