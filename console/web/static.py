"""Built scripts, styles and pictures: names carry a hash, so browsers may keep them for ever."""

from __future__ import annotations

import json
from pathlib import Path

from aiohttp import web

BUILD = Path(__file__).parent.parent / "ui" / "static" / "build"
FOR_EVER = "public, max-age=31536000, immutable"


class StaticFiles:
    """`/static/NAME-HASH.EXT`."""

    def __init__(self, folder: Path = BUILD) -> None:
        self._folder = folder
        manifest = folder / "manifest.json"
        if not manifest.exists():
            raise FileNotFoundError(f"{manifest}: the console is not built; run: make setup")
        self._names: dict[str, str] = json.loads(manifest.read_text("utf-8"))

    def url(self, name: str) -> str:
        """`main.js` → `/static/main-AB12.js`."""
        return f"/static/{self._names[name]}"

    async def worker(self, request: web.Request) -> web.StreamResponse:
        """The service worker: asked for anew each time, since its name cannot change."""
        del request
        headers = {
            "Cache-Control": "no-cache",
            "Content-Security-Policy": "default-src 'none'; connect-src 'self'",
            "X-Content-Type-Options": "nosniff",
        }
        return web.FileResponse(self._folder / self._names["worker.js"], headers=headers)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One file; nothing outside the folder has a name here."""
        name = request.match_info["name"]
        file = self._folder / name
        if "/" in name or name.startswith(".") or not file.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(
            file, headers={"Cache-Control": FOR_EVER, "X-Content-Type-Options": "nosniff"}
        )
