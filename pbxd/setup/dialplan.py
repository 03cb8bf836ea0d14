"""`pbxd dialplan`: puts pbxd's files into an Asterisk's configuration, and takes them out again.

What it will change is shown first. Old files are kept in a backup; Asterisk loads the new ones at
once, and when it does not take them, or something of the office's own is missing afterwards,
everything is put back as it was and loaded again. Calls go on all the time.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pbxd.errors import Refused
from pbxd.setup.init import DIALPLAN

FOLDER = "pbxd"
BACKUPS = "pbxd-backup"
INSTALLED = "pbxd-installed.conf"
OWN = ("pbxd-office.conf", "manager-pbxd.conf", "queues-pbxd.conf")  # with the office's values
INCLUDES: dict[str, tuple[str, ...]] = {
    "extensions.conf": ("pbxd-office.conf", "pbxd.conf", INSTALLED),
    "pjsip.conf": ("pjsip-pbxd.conf",),
    "queues.conf": ("queues-pbxd.conf",),
    "features.conf": ("features-pbxd.conf",),
    "manager.conf": ("manager-pbxd.conf",),
    "cel.conf": ("cel-pbxd.conf",),
    "cel_custom.conf": ("cel_custom-pbxd.conf",),
    "sorcery.conf": ("sorcery-pbxd.conf",),
}
FIRST = frozenset({"pjsip.conf"})  # its templates must be known before they are used
RELOADS = (
    "dialplan reload",
    "module reload res_pjsip.so",
    "module reload app_queue.so",
    "module reload features",
    "module reload manager",
    "module reload cel",
    "module reload cel_custom.so",
)
_BEGIN = "; >>> pbxd: written by `pbxd dialplan install`, taken out by `pbxd dialplan remove`"
_END = "; <<< pbxd"
_BLOCK = re.compile(rf"{re.escape(_BEGIN)}\n.*?{re.escape(_END)}\n", re.DOTALL)
_SECTION = re.compile(r"^\[([\w-]+)\]", re.MULTILINE)
_SECRET = re.compile(r"^([ +-]*(?:secret|password)\s*=\s*).*$", re.MULTILINE)
_USE = re.compile(r"[(=,>/ ]pbxd-[a-z]|^\s*#include\s+\"?pbxd/")
_CONTEXT = re.compile(r"\[ Context '([^']+)'")
_ENDPOINT = re.compile(r"^ *Endpoint: +([^/\s]+)", re.MULTILINE)

Ask = Callable[[str], str]  # a command of Asterisk's console → what it said


@dataclass(frozen=True, slots=True)
class Change:
    """One file; None: it is not there."""

    file: Path
    before: str | None
    after: str | None


def install(asterisk: Path, ours: Path) -> list[Change]:
    """What has to be changed; `ours` is the folder that `pbxd init` wrote. Raises Refused."""
    if not (asterisk / "extensions.conf").is_file():
        raise Refused("no-asterisk", f"{asterisk} is no configuration of Asterisk.")
    folder = asterisk / FOLDER
    wanted = {source.name: source.read_text("utf-8") for source in sorted(DIALPLAN.glob("*.conf"))}
    for name in OWN:
        present, made = folder / name, ours / name
        if present.is_file():
            wanted[name] = _read(present) or ""  # the engineer's by now
        elif made.is_file():
            wanted[name] = made.read_text("utf-8")
        else:
            raise Refused("no-office", f"{made} is missing; run first: pbxd init")
    wanted[INSTALLED] = _mark(wanted)
    changes = [_change(folder / name, text) for name, text in wanted.items()]
    for name, includes in INCLUDES.items():
        file = asterisk / name
        before = _read(file)
        changes.append(Change(file, before, _with_block(name, before or "", includes)))
    return [change for change in changes if change.before != change.after]


def remove(asterisk: Path) -> list[Change]:
    """What has to be changed so that nothing of pbxd is left; the office's own values stay.

    Raises Refused while a phone or a trunk still needs it: its calls would fail.
    """
    if uses := _uses(asterisk):
        raise Refused("pbxd-used", "Point these elsewhere first:\n" + "\n".join(uses))
    changes = []
    for name in INCLUDES:
        file = asterisk / name
        before = _read(file)
        if before is not None:
            changes.append(Change(file, before, _BLOCK.sub("", before)))
    for file in sorted((asterisk / FOLDER).glob("*.conf")):
        if file.name not in OWN:
            changes.append(Change(file, _read(file), None))
    return [change for change in changes if change.before != change.after]


def notes(asterisk: Path) -> list[str]:
    """What no program should do by itself."""
    said = []
    for name in OWN:
        present, template = asterisk / FOLDER / name, DIALPLAN / f"{name}.j2"
        if present.is_file():
            lacking = set(_sections(template)) - set(_sections(present))
            said += [
                f"{present} lacks [{one}]: take it over from {template}" for one in sorted(lacking)
            ]
    manager = _read(asterisk / "manager.conf") or ""
    if not re.search(r"^\s*timestampevents\s*=\s*yes", manager, re.MULTILINE):
        said.append("manager.conf: [general] timestampevents = yes")
    modules = _read(asterisk / "modules.conf") or ""
    if not re.search(r"^\s*noload\s*=>?\s*bridge_native_rtp\.so", modules, re.MULTILINE):
        said.append("modules.conf: noload = bridge_native_rtp.so, then restart Asterisk")
    return said


def diff(changes: Sequence[Change]) -> str:
    """As `diff -u` writes it, without secrets."""
    parts = []
    for change in changes:
        lines = difflib.unified_diff(
            (change.before or "").splitlines(keepends=True),
            (change.after or "").splitlines(keepends=True),
            str(change.file) if change.before is not None else "/dev/null",
            str(change.file) if change.after is not None else "/dev/null",
        )
        parts.append("".join(line if line.endswith("\n") else f"{line}\n" for line in lines))
    text = _SECRET.sub(r"\1…", "".join(parts))
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def carry_out(asterisk: Path, changes: Sequence[Change], ask: Ask, now: datetime) -> Path:
    """Back up, write, load, look; the backup's folder. Raises Refused: all is as it was."""
    before = _seen(ask)
    backup = asterisk / BACKUPS / now.strftime("%Y%m%dT%H%M%S")
    _back_up(asterisk, changes, backup)
    try:
        for change in changes:
            _write(change.file, change.after)
        _load(ask)
        problem = _problem(asterisk, before, _seen(ask), ask)
    except (OSError, Refused) as fault:
        problem = str(fault)
    if problem:
        for change in changes:
            _write(change.file, change.before)
        _load(ask)
        raise Refused(
            "dialplan-undone", f"{problem} Everything is as it was; the backup is {backup}."
        )
    return backup


def console(command: str) -> Ask:
    """Asterisk's console by a command such as `asterisk -rx`."""

    def ask(text: str) -> str:
        try:
            done = subprocess.run(
                [*shlex.split(command), text],
                capture_output=True,
                text=True,
                errors="replace",
                timeout=60,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as problem:
            raise Refused("no-console", f"Asterisk's console: {problem}") from None
        if done.returncode != 0:
            raise Refused(
                "no-console", f"Asterisk does not answer: {(done.stdout + done.stderr).strip()}"
            )
        return done.stdout

    return ask


@dataclass(frozen=True, slots=True)
class _Seen:
    """What Asterisk has loaded, without what is pbxd's."""

    contexts: frozenset[str]
    endpoints: frozenset[str]


def _seen(ask: Ask) -> _Seen:
    contexts = set(_CONTEXT.findall(ask("dialplan show")))
    endpoints = _ENDPOINT.findall(ask("pjsip show endpoints"))
    return _Seen(
        frozenset(one for one in contexts if not one.startswith("pbxd-")), frozenset(endpoints)
    )


def _problem(asterisk: Path, before: _Seen, after: _Seen, ask: Ask) -> str:
    installed = _read(asterisk / FOLDER / INSTALLED)
    loaded = ask("dialplan show")
    if installed is None:
        if "'pbxd-inbound'" in loaded:
            return "Asterisk still has pbxd's dialplan: something else includes it."
    elif installed.rpartition("exten => ")[2].partition(",")[0] not in loaded:
        return "Asterisk did not load the new dialplan; its log says why."
    elif lacking := _contexts(asterisk) - set(_CONTEXT.findall(loaded)):
        return f"The dialplan lacks {', '.join(sorted(lacking))}."
    if lost := before.contexts - after.contexts:
        return f"The dialplan lost {', '.join(sorted(lost))}."
    if lost := before.endpoints - after.endpoints:
        return f"PJSIP lost {', '.join(sorted(lost))}."
    return ""


def _load(ask: Ask) -> None:
    for command in RELOADS:
        ask(command)


def _back_up(asterisk: Path, changes: Sequence[Change], backup: Path) -> None:
    for change in changes:
        if change.before is not None:
            kept = backup / change.file.relative_to(asterisk)
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(change.file, kept)
    backup.mkdir(parents=True, exist_ok=True)
    backup.chmod(0o700)  # secrets are in it


def _write(file: Path, text: str | None) -> None:
    """Whole or not at all; mode and owner as before, or as extensions.conf has them."""
    file = file.resolve()
    if text is None:
        file.unlink(missing_ok=True)
        return
    model = file if file.exists() else _model(file)
    file.parent.mkdir(exist_ok=True)
    unfinished = file.with_name(f".{file.name}.pbxd")
    unfinished.write_text(text, "utf-8", "surrogateescape")
    shutil.copymode(model, unfinished)
    about = model.stat()
    if os.geteuid() == 0:
        os.chown(unfinished, about.st_uid, about.st_gid)
        if file.parent.name == FOLDER:
            os.chown(file.parent, about.st_uid, about.st_gid)
    unfinished.replace(file)


def _model(file: Path) -> Path:
    folder = file.parent.parent if file.parent.name == FOLDER else file.parent
    return folder / "extensions.conf"


def _mark(wanted: dict[str, str]) -> str:
    content = "".join(f"{name}\0{text}\0" for name, text in sorted(wanted.items()))
    digest = hashlib.sha256(content.encode()).hexdigest()[:16]
    return (
        "; By this pbxd sees that Asterisk loaded what was installed.\n"
        f"[pbxd-installed]\nexten => v{digest},1,Return()\n"
    )


def _with_block(name: str, text: str, includes: Sequence[str]) -> str:
    """`text` with our block; what the engineer includes himself is left to him."""
    bare = _BLOCK.sub("", text)
    missing = [
        one
        for one in includes
        if not re.search(rf"^\s*#include\s+\"?{FOLDER}/{re.escape(one)}", bare, re.MULTILINE)
    ]
    if not missing:
        return bare
    lines = "".join(f"#include {FOLDER}/{one}\n" for one in missing)
    block = f"{_BEGIN}\n{lines}{_END}\n"
    if name in FIRST:
        return block + bare
    return f"{bare}{'' if not bare or bare.endswith(chr(10)) else chr(10)}{block}"


def _sections(file: Path) -> list[str]:
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", file.read_text("utf-8"))
    return [name for name in _SECTION.findall(text) if name.startswith("pbxd")]


def _contexts(asterisk: Path) -> set[str]:
    """What the installed dialplan has to have: contexts with something in them."""
    found: set[str] = set()
    for file in (asterisk / FOLDER).glob("pbxd*.conf"):
        parts = _SECTION.split(_read(file) or "")
        found |= {
            name
            for name, text in zip(parts[1::2], parts[2::2], strict=True)
            if re.search(r"^exten\s*=>", text, re.MULTILINE)
        }
    return found


def _uses(asterisk: Path) -> list[str]:
    """Lines of the office's own files that name something of pbxd."""
    found = []
    for file in sorted(asterisk.glob("*.conf")):
        text = _BLOCK.sub(lambda block: "\n" * block[0].count("\n"), _read(file) or "")
        for number, line in enumerate(text.splitlines(), 1):
            if _USE.search(line.partition(";")[0]):
                found.append(f"  {file}:{number}: {line.strip()}")
    return found


def _change(file: Path, text: str) -> Change:
    return Change(file, _read(file), text)


def _read(file: Path) -> str | None:
    try:
        # old comments may be in CP949 or Big5: what we do not touch stays byte by byte
        return file.read_text("utf-8", "surrogateescape")
    except FileNotFoundError:
        return None
