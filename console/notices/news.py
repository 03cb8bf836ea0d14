"""How many are unread, in the menu; open lists kept true; a word to those for whom one is new."""

from __future__ import annotations

from functools import lru_cache

from console.live.parts import Parts, Rows
from console.live.stream import LiveHub, who_may
from console.notices.model import MENU, Notice
from console.notices.service import Notices
from console.web.context import Viewer
from console.web.i18n import Languages
from console.web.permissions import Scope
from pbxd.app import Daemon
from pbxd.events import HoursChanged

BADGE = "notices-badge"


class NoticeNews:
    """Watches the board."""

    def __init__(
        self, daemon: Daemon, hub: LiveHub, parts: Parts, languages: Languages, notices: Notices
    ) -> None:
        self._hub = hub
        self._parts = parts
        self._languages = languages
        self._notices = notices
        self._read: set[str] = set()  # who read, and whose notices, since pages were told
        self._badges = lru_cache(1024)(self._drawn)  # the same object for those who see the same
        parts.add(BADGE, MENU, self._rows)
        notices.watch(self)
        # a new day: some have had their last one
        daemon.bus.subscribe(HoursChanged, lambda event: self.changed())

    def changed(self) -> None:
        """Any list or notice may be another one now."""
        self._parts.changed(BADGE)
        self._parts.soon(self._tell)

    def appeared(self, notice: Notice, people: frozenset[str]) -> None:
        """These users have a notice that they had not."""

        def message(code: str) -> dict[str, object]:
            text = self._languages[code].text
            said = text("New notice: {title}", title=notice.content.title)
            link = {"address": f"/notices/{notice.id}", "word": text("Read it")}
            return {"kind": "toast", "level": "info", "text": said, "link": link}

        self._hub.send_each(lambda viewer: viewer.user.id in people, message)

    def was_read(self, notice: Notice, user_id: str) -> None:
        """The reader's pages, the author's and those of who sees all change."""
        self._read |= {user_id, notice.by}
        self._parts.changed(BADGE)
        self._parts.soon(self._tell_of_readers)

    def _tell(self) -> None:
        self._hub.send(who_may(MENU), {"kind": MENU})

    def _tell_of_readers(self) -> None:
        whose, self._read = self._read, set()

        def concerned(viewer: Viewer) -> bool:
            return viewer.user.id in whose or viewer.scope(MENU) is Scope.ALL

        self._hub.send(concerned, {"kind": MENU})

    def _rows(self, viewer: Viewer) -> Rows:
        return self._badges(viewer.language.key, self._notices.unread(viewer.user.id))

    def _drawn(self, code: str, count: int) -> Rows:
        if not count:
            return {}
        return {"badge": self._parts.row(code, "notices/badge.html", count)}
