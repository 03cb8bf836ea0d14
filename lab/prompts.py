"""Prompts: the texts of two prompts.toml as sound files that Asterisk plays."""

import hashlib
import shutil
import subprocess
import tomllib
from pathlib import Path

from lab.asterisk import DIALPLAN
from lab.errors import LabUnavailable

VOICES = {"ko": "ko", "zh": "cmn", "en": "en-us"}
# Asterisk's suffix for a rate: 8 kHz for telephones, 16 kHz for wideband ones
RATES = {".wav": 8000, ".wav16": 16000}


# what Asterisk puts a spoken number together from
NUMBERS = {str(n): str(n) for n in (*range(20), *range(20, 100, 10))} | {"hundred": "100"}
TEXTS = (DIALPLAN / "prompts.toml", Path(__file__).parent / "prompts.toml")


def ensure_prompts(root: Path, texts: tuple[Path, ...] = TEXTS) -> list[Path]:
    """Make every prompt that is missing or whose text has changed, for the Asterisk in `root`.

    Returns the files made: none when all is as it should be.
    """
    sounds = root / "usr" / "share" / "asterisk" / "sounds"
    made: list[Path] = []
    wanted = [item for file in texts for item in tomllib.loads(file.read_text("utf-8")).items()]
    for name, by_language in wanted:
        for language, text in by_language.items():
            folder = _seen_from_inside(root, sounds / language) / "pbxd"
            made += _ensure_one(folder, name, VOICES[language], text)
    for language, voice in VOICES.items():
        folder = _seen_from_inside(root, sounds / language) / "digits"
        for name, number in NUMBERS.items():
            made += _ensure_one(folder, name, voice, number)
    return made


def _seen_from_inside(root: Path, path: Path) -> Path:
    """Follow links as Asterisk will: an absolute one begins at its own root, not at ours."""
    while path.is_symlink():
        target = path.readlink()
        path = root / target.relative_to("/") if target.is_absolute() else path.parent / target
    return path


def _ensure_one(folder: Path, name: str, voice: str, text: str) -> list[Path]:
    stamp = folder / f".{name}.text"
    wanted = hashlib.sha256(f"{voice} {text}".encode()).hexdigest()
    files = [folder / f"{name}{suffix}" for suffix in RATES]
    if stamp.exists() and stamp.read_text() == wanted and all(f.exists() for f in files):
        return []
    for tool in ("espeak-ng", "sox"):
        if shutil.which(tool) is None:
            raise LabUnavailable(
                f"The program {tool} is missing.", f"Install it: apt-get install {tool}"
            )
    folder.mkdir(parents=True, exist_ok=True)
    spoken = folder / f".{name}.spoken.wav"
    _run(["espeak-ng", "-v", voice, "-s", "150", "-w", str(spoken), text])
    for file, rate in zip(files, RATES.values(), strict=True):
        # -G: a little quieter rather than clipped by the resampling filter
        _run(["sox", "-G", str(spoken), "-t", "wav", "-b", "16", "-r", str(rate), str(file)])
    spoken.unlink()
    stamp.write_text(wanted)
    return files


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 0:
        raise LabUnavailable(
            f"{command[0]} failed: {done.stderr.strip()[-300:]}", "Run it by hand to see why."
        )
