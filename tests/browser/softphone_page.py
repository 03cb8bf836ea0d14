"""The softphone and call bar alone in a page: real bundle, real Asterisk, no daemon.

For what concerns this browser only (devices, permissions, who holds the phone); the whole path
is proved with the daemon in test_desk.py.
"""

from __future__ import annotations

import asyncio
import secrets
import shutil
from pathlib import Path
from typing import Any, Self

from aiohttp import web
from jinja2 import Environment, FileSystemLoader

from lab.office import Office
from pbxd.abuse.model import DEFAULT_KINDS
from pbxd.agents.browser_phone import entries

ADDRESS = "127.0.0.1"
ROOT = Path(__file__).parents[2]
PAGE = """<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>pbxd</title>
<link rel="stylesheet" href="/build/callbar.css"></head><body><main id="main"></main>{bar}
<div id="pops"></div><script type="module" src="/build/entry.js"></script></body></html>"""
ENTRY = (
    'import { startCallbar } from "{source}"; startCallbar(); document.body.dataset.ready = "1";'
)


async def bundle(out: Path) -> None:
    """Build the call bar as the console does, into `out`."""
    (out / "in.ts").write_text(
        ENTRY.replace("{source}", str(ROOT / "console/ui/src/callbar/index"))
    )
    node = shutil.which("node")
    assert node is not None
    process = await asyncio.create_subprocess_exec(
        str(ROOT / "node_modules/.bin/esbuild"), str(out / "in.ts"), "--bundle", "--splitting",
        "--format=esm", f"--outdir={out}", "--entry-names=entry", "--log-level=error",
        env={"NODE_PATH": str(ROOT / "node_modules"), "PATH": str(Path(node).parent)},
    )  # fmt: skip
    assert await process.wait() == 0


class PhonePage:
    """A web server with that page; `asked` is what the page asked of the desk."""

    def __init__(
        self, office: Office, extension: str, build: Path, host: str = "127.0.0.1"
    ) -> None:
        self.office = office
        self.extension = extension
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.secrets: list[str] = []
        self._build = build
        self._runner: web.AppRunner | None = None
        self.url = ""

    @property
    def credentials_given(self) -> int:
        """How often a page became the phone."""
        return len(self.secrets)

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/", self._page)
        app.router.add_static("/build/", self._build)
        app.router.add_post("/desk/phone", self._phone)
        app.router.add_post("/desk/{verb:.+}", self._desk)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, ADDRESS, 0)
        await site.start()
        self.url = f"http://{ADDRESS}:{self._runner.addresses[0][1]}/"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _page(self, request: web.Request) -> web.Response:
        environment = Environment(
            loader=FileSystemLoader(sorted((ROOT / "console").glob("*/templates"))),
            extensions=["jinja2.ext.i18n"],
            autoescape=True,
        )
        environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
        environment.globals["abuse_kinds"] = lambda: DEFAULT_KINDS
        bar = environment.get_template("desk/callbar.html").render()
        return web.Response(text=PAGE.replace("{bar}", bar), content_type="text/html")

    async def _phone(self, request: web.Request) -> web.Response:
        secret = secrets.token_urlsafe(18)
        endpoint = f"{self.extension}-web"
        ami = await self.office.ami()
        for entry in entries(endpoint, self.extension, "김서준", secret, "ko"):
            await ami.action("DBPut", Family=entry.family, Key=entry.key, Val=entry.value)
        ami.close()
        self.secrets.append(secret)
        self.asked.append(("phone", await request.json()))
        return web.json_response(
            {
                "uri": f"sip:{endpoint}@127.0.0.1",
                "user": endpoint,
                "secret": secret,
                "ws_url": self.office.ws_url,
            }
        )

    async def _desk(self, request: web.Request) -> web.Response:
        self.asked.append((request.match_info["verb"], await request.json()))
        return web.json_response({"result": "ok", "reason": ""})
