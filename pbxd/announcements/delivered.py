"""The delivered announcements as files, for an Asterisk that has none of them yet.

`pbxd sounds DIRECTORY` writes DIRECTORY/LANGUAGE/pbxd/NAME.wav, and the numbers of which waiting
queues put a place together (digits/N.wav) where Asterisk's own sounds lack them.
"""

from __future__ import annotations

from pathlib import Path

from pbxd.announcements.model import LANGUAGES, Sound
from pbxd.announcements.sound import speak
from pbxd.announcements.texts import texts

NUMBERS = {str(n): str(n) for n in (*range(20), *range(20, 100, 10))} | {"hundred": "100"}


def write(folder: Path) -> int:
    """Write all that is missing; how many files. Raises InvalidInput (no voice), OSError."""
    made = 0
    for language in LANGUAGES:
        for name, by_language in texts().items():
            file = folder / language / "pbxd" / name
            made += _write(file, by_language[language], language)
        for name, number in NUMBERS.items():
            made += _write(folder / language / "digits" / name, number, language)
    return made


def _write(file: Path, text: str, language: str) -> int:
    narrow = file.with_name(f"{file.name}.wav")
    others = [file.with_name(f"{file.name}.{kind}") for kind in ("gsm", "ulaw", "alaw", "g722")]
    if narrow.exists() or any(other.exists() for other in others):
        return 0
    sound: Sound = speak(text, language)
    file.parent.mkdir(parents=True, exist_ok=True)
    narrow.write_bytes(sound.narrow)
    file.with_name(f"{file.name}.wav16").write_bytes(sound.wide)
    return 1
