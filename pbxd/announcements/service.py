"""The office's announcements: in the store, and as files where Asterisk finds them.

The dialplan plays `PBXD_SOUNDS/LANGUAGE/NAME` when that file is there, else `pbxd/NAME` of
Asterisk's own sounds. The files are made equal to the store at each start and each change.
"""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
from collections.abc import Iterable
from pathlib import Path

import structlog

from pbxd.announcements import queries
from pbxd.announcements.model import LANGUAGES, LONGEST_TEXT, Announcement, Sound, Source
from pbxd.announcements.sound import convert, speak
from pbxd.announcements.texts import text_of
from pbxd.errors import InvalidInput, NotFound
from pbxd.ports import Clock
from pbxd.store.engine import Store

log = structlog.get_logger(__name__)

NAMES = (
    "nobody-available",
    "invalid-number",
    "number-not-allowed",
    "call-refused",
    "after-hours",
    "lunch",
    "holiday",
    "call-recorded",
    "callback-offer",
    "callback-hidden",
    "callback-queue",
    "callback-enter",
    "callback-readback",
    "callback-confirm",
    "callback-wrong",
    "callback-sorry",
    "callback-speak",
    "callback-thanks",
    "limit-notice",
    "limit-end",
)  # and two for each kind of abuse


class Announcements:
    """`folder` None: the files cannot be put where Asterisk finds them."""

    def __init__(self, store: Store, clock: Clock, folder: Path | None) -> None:
        self._store = store
        self._clock = clock
        self._folder = folder
        self._own: dict[tuple[str, str], Announcement] = {}
        self._spoken: dict[str, Sound] = {}  # default text → its sound, once somebody listened

    @property
    def possible(self) -> bool:
        """Asterisk plays what is kept here."""
        return self._folder is not None

    async def load(self) -> None:
        """Read what the office made, and make the files equal."""
        async with self._store.reading() as conn:
            self._own = {(one.name, one.language): one for one in await queries.own(conn)}
        await self._align()

    def all(self, language: str, kinds: Iterable[str]) -> tuple[Announcement, ...]:
        """All announcements of a language; `kinds` are the words of the kinds of abuse."""
        names = [f"{step}-{word}" for word in kinds for step in ("warn", "block")]
        return tuple(self.get(name, language) for name in (*NAMES, *names))

    def get(self, name: str, language: str) -> Announcement:
        """One of them. Raises NotFound."""
        if language not in LANGUAGES:
            raise _unknown()
        found = self._own.get((name, language))
        if found is not None:
            return found
        try:
            return Announcement(name, language, Source.DEFAULT, text_of(name, language))
        except KeyError:
            raise _unknown() from None

    async def listen(self, name: str, language: str) -> bytes:
        """The sound as a telephone plays it (WAV, 8 kHz). Raises NotFound, InvalidInput."""
        about = self.get(name, language)
        if about.source is not Source.DEFAULT:
            async with self._store.reading() as conn:
                sound = await queries.sound(conn, name, language)
            if sound is not None:
                return sound.narrow
        key = f"{language} {about.text}"
        if key not in self._spoken:
            self._spoken[key] = await asyncio.to_thread(speak, about.text, language)
        return self._spoken[key].narrow

    async def record(self, name: str, language: str, data: bytes, user_id: str) -> Announcement:
        """The office's own recording, in any form. Raises InvalidInput, NotFound."""
        before = self.get(name, language)
        sound = await asyncio.to_thread(convert, data)
        return await self._keep(dataclasses.replace(before, source=Source.RECORDED), sound, user_id)

    async def say(self, name: str, language: str, text: str, user_id: str) -> Announcement:
        """The office's own text in the machine's voice. Raises InvalidInput, NotFound."""
        text = " ".join(text.split())
        if not text:
            raise InvalidInput("text-empty", "Write what is to be said.", field="text")
        if len(text) > LONGEST_TEXT:
            raise InvalidInput("text-long", "A text has at most 500 characters.", field="text")
        before = self.get(name, language)
        sound = await asyncio.to_thread(speak, text, language)
        after = dataclasses.replace(before, source=Source.SPOKEN, text=text)
        return await self._keep(after, sound, user_id)

    async def reset(self, name: str, language: str) -> None:
        """Back to what pbxd brings. Raises NotFound."""
        self.get(name, language)
        async with self._store.writing() as conn:
            await queries.remove(conn, name, language)
        await self.load()

    async def _keep(self, about: Announcement, sound: Sound, user_id: str) -> Announcement:
        after = dataclasses.replace(
            about,
            seconds=sound.seconds,
            sha256=hashlib.sha256(sound.narrow).hexdigest(),
            changed_at=self._clock(),
            changed_by=user_id,
        )
        async with self._store.writing() as conn:
            await queries.keep(conn, after, sound)
        await self.load()
        return self.get(about.name, about.language)

    async def _align(self) -> None:
        folder = self._folder
        if folder is None:
            return
        try:
            there = await asyncio.to_thread(_hashes, folder)
            for key, about in self._own.items():
                if there.pop(key, "") == about.sha256:
                    continue
                async with self._store.reading() as conn:
                    sound = await queries.sound(conn, *key)
                if sound is not None:
                    await asyncio.to_thread(_write, folder, key, sound)
            await asyncio.to_thread(_remove, folder, there)
        except OSError as problem:
            log.error("announcements not written", folder=str(folder), reason=str(problem))


def _unknown() -> NotFound:
    return NotFound("no-announcement", "There is no such announcement.")


def _hashes(folder: Path) -> dict[tuple[str, str], str]:
    return {
        (file.stem, file.parent.name): hashlib.sha256(file.read_bytes()).hexdigest()
        for language in LANGUAGES
        for file in (folder / language).glob("*.wav")
    }


def _write(folder: Path, key: tuple[str, str], sound: Sound) -> None:
    """A call that plays the file meanwhile goes on with the old one."""
    name, language = key
    (folder / language).mkdir(parents=True, exist_ok=True)
    for suffix, data in (("wav16", sound.wide), ("wav", sound.narrow)):
        partial = folder / language / f".{name}.{suffix}.part"
        partial.write_bytes(data)
        partial.chmod(0o644)
        partial.replace(folder / language / f"{name}.{suffix}")


def _remove(folder: Path, keys: Iterable[tuple[str, str]]) -> None:
    for name, language in keys:
        for suffix in ("wav", "wav16"):
            (folder / language / f"{name}.{suffix}").unlink(missing_ok=True)
