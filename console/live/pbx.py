"""How the PBX stands: the "in step" light and the banner, the same on every page."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from console.live.stream import LiveHub, everyone
from console.web.context import Viewer
from console.web.i18n import Languages
from console.web.templates import Templates
from pbxd.bus import Bus
from pbxd.events import LinkState, PbxInStep, PbxLinkChanged

PLACES = {"#pbx": "web/pbx.html", "#pbx-banner": "web/pbx_banner.html"}


class PbxStatus:
    """Follows the link and tells all pages."""

    def __init__(
        self,
        bus: Bus,
        hub: LiveHub,
        languages: Languages,
        templates: Templates,
        link: PbxLinkChanged,
    ) -> None:
        self._hub = hub
        self._languages = languages
        self._templates = templates
        self.link = link
        self.in_step: PbxInStep | None = None
        bus.subscribe(PbxLinkChanged, self._changed)
        bus.subscribe(PbxInStep, self._compared)
        hub.snapshot(self._snapshot)

    def _changed(self, event: PbxLinkChanged) -> None:
        self.link = event
        if event.state is not LinkState.UP:
            self.in_step = None
        self._tell()

    def _compared(self, event: PbxInStep) -> None:
        self.in_step = event
        self._tell()

    def _tell(self) -> None:
        for place in PLACES:
            self._hub.send_each(everyone, partial(self._message, place))

    def _snapshot(self, viewer: Viewer) -> Iterable[dict[str, Any]]:
        for place in PLACES:
            yield self._message(place, viewer.language.key)

    def _message(self, place: str, code: str) -> dict[str, Any]:
        link, language = self.link, self._languages[code]
        html = self._templates.fragment(
            language,
            PLACES[place],
            link=link,
            in_step=self.in_step if link.state is LinkState.UP else None,
            reason=language.text(link.reason, **link.details) if link.reason else "",
        )
        return {"kind": "fragment", "target": place, "swap": "inner", "html": html}
