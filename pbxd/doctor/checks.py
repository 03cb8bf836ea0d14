"""What is looked at: each check gives findings, never an exception."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import stat
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509

from pbxd.ami import actions
from pbxd.ami.link import Link
from pbxd.app import DATABASE
from pbxd.bus import Bus
from pbxd.config import Settings
from pbxd.doctor.finding import Finding, Level
from pbxd.doctor.recordings import recordings
from pbxd.events import LinkState, PbxLinkChanged
from pbxd.tasks import Supervisor

Check = Callable[[Settings], Awaitable[list[Finding]]]

OLDEST_ASTERISK = 18
FREE_GB = 2
CLOCK_SKEW_S = 2.0


def _ok(what: str) -> Finding:
    return Finding(Level.OK, what)


async def python(settings: Settings) -> list[Finding]:
    """Python and SQLite."""
    del settings
    version = ".".join(map(str, sys.version_info[:3]))
    found = [_ok(f"Python {version}, SQLite {sqlite3.sqlite_version}")]
    options = sqlite3.connect(":memory:").execute("PRAGMA compile_options").fetchall()
    if ("ENABLE_FTS5",) not in options:
        found.append(
            Finding(Level.ERROR, "SQLite lacks full-text search (FTS5)", "Use Debian's own Python.")
        )
    return found


async def data(settings: Settings) -> list[Finding]:
    """The data directory: there, private, roomy, undamaged."""
    folder = settings.store.directory
    if not folder.exists():
        return [
            Finding(Level.WARNING, f"{folder} does not exist yet", "It is made at the first start.")
        ]
    found: list[Finding] = []
    if stat.S_IMODE(folder.stat().st_mode) & 0o077:
        found.append(
            Finding(Level.WARNING, f"{folder} can be read by others", f"chmod 700 {folder}")
        )
    free = shutil.disk_usage(folder).free / 1e9
    level = Level.OK if free > FREE_GB else Level.ERROR
    found.append(
        Finding(level, f"{free:.1f} GB free in {folder}", "" if free > FREE_GB else "Make room.")
    )
    file = folder / DATABASE
    if file.exists():
        found.append(await asyncio.to_thread(_database, file))
    return found


def _database(file: Path) -> Finding:
    try:
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as conn:
            (verdict,) = conn.execute("PRAGMA quick_check").fetchone()
    except sqlite3.Error as problem:
        verdict = str(problem)
    if verdict == "ok":
        return _ok(f"The database {file} is undamaged")
    return Finding(
        Level.ERROR,
        f"The database {file} is damaged: {verdict}",
        f"Stop pbxd, keep the file, and put back the newest copy of {file.parent / 'backups'}.",
    )


async def asterisk(settings: Settings) -> list[Finding]:
    """The link: reachable, logged in, privileged; version and clock."""
    if not settings.pbx.host:
        return [Finding(Level.WARNING, "No PBX is configured", "Run: pbxd init")]
    bus, settled = Bus(), asyncio.Event()
    last: list[PbxLinkChanged] = []
    found: list[Finding] = []

    def changed(event: PbxLinkChanged) -> None:
        last.append(event)
        if event.state in (LinkState.UP, LinkState.DOWN):
            settled.set()

    async def nothing() -> None:
        """No calls are followed here."""

    bus.subscribe(PbxLinkChanged, changed)
    link = Link(settings.pbx, bus, lambda: datetime.now(UTC), lambda event: None, nothing)
    supervisor = Supervisor()
    supervisor.service("link", link.run)
    try:
        async with asyncio.timeout(20):
            await settled.wait()
        if link.up:
            found += await _questions(link)
        else:
            state = last[-1]
            reason = state.reason.format(**state.details)
            found.append(Finding(Level.ERROR, reason, _MEND.get(state.reason_id, "")))
    except TimeoutError:
        found.append(Finding(Level.ERROR, "Asterisk does not answer", "Is it running?"))
    finally:
        await supervisor.stop()
    return found


_MEND = {
    "nobody_there": "In manager.conf: [general] enabled = yes, port = 5038; then restart Asterisk.",
    "login_refused": "Compare user and secret in pbxd.toml with manager.conf; check permit=.",
    "missing_privilege": "In manager.conf, pbxd's account: write = system,call,originate,reporting",
    "not_booted": "In pbxd's account in manager.conf: read = system,call,user",
}


async def _questions(link: Link) -> list[Finding]:
    found = [_ok("Asterisk's manager interface: logged in, with the privileges that are needed")]
    found.append(await _clock(link))
    version = (await link.send(actions.CoreSettings())).headers.get("AsteriskVersion", "")
    major = version.partition(".")[0]
    if major.isdecimal() and int(major) >= OLDEST_ASTERISK:
        found.append(_ok(f"Asterisk {version}"))
    else:
        found.append(
            Finding(
                Level.WARNING,
                f"Asterisk {version or 'of unknown version'}",
                f"pbxd is made for Asterisk {OLDEST_ASTERISK} and newer.",
            )
        )
    for context in ("pbxd-inbound", "pbxd-internal", "pbxd-click"):
        if (await link.send(actions.ShowDialPlan(context))).ok:
            found.append(_ok(f"The dialplan has [{context}]"))
        else:
            found.append(
                Finding(
                    Level.ERROR,
                    f"The dialplan lacks [{context}]",
                    "Include pbxd.conf in extensions.conf and run: asterisk -rx 'dialplan reload'",
                )
            )
    return found


async def _clock(link: Link) -> Finding:
    """Both clocks must agree: the dialplan asks only a pbxd whose heartbeat looks fresh."""
    stamp = (await link.send(actions.Ping())).headers.get("Timestamp", "")
    try:
        skew = abs(datetime.now(UTC).timestamp() - float(stamp))
    except ValueError:
        return Finding(Level.WARNING, "Asterisk does not tell its time")
    if skew <= CLOCK_SKEW_S:
        return _ok("The clocks of pbxd and Asterisk agree")
    return Finding(
        Level.ERROR,
        f"The clocks of pbxd and Asterisk differ by {skew:.0f} s",
        "Let both machines take their time from the network (systemd-timesyncd).",
    )


async def event_log(settings: Settings) -> list[Finding]:
    """CEL: what happened while pbxd was away."""
    file = settings.pbx.cel_file
    if not settings.pbx.host:
        return []
    if file is None:
        return [
            Finding(
                Level.WARNING,
                "No CEL file is set: calls during an absence of pbxd will be missing",
                "Set cel_file in [pbx]; see docs/installation.md.",
            )
        ]
    try:
        with file.open("rb") as opened:
            opened.read(1)
    except FileNotFoundError:
        return [
            Finding(
                Level.WARNING,
                f"{file} does not exist (yet)",
                "It appears with the first call, if cel_custom is loaded.",
            )
        ]
    except OSError as problem:
        return [
            Finding(
                Level.ERROR,
                f"{file}: {problem.strerror}",
                "Let the user pbxd read Asterisk's logs.",
            )
        ]
    return [_ok(f"Asterisk's event log {file} can be read")]


async def browser_phones(settings: Settings) -> list[Finding]:
    """Asterisk's WebSocket, and the certificate."""
    found: list[Finding] = []
    parts = urlsplit(settings.pbx.ws_url)
    if settings.pbx.host and not parts.hostname:
        found.append(Finding(Level.WARNING, "Browser phones are off", "Set ws_url in [pbx]."))
    elif parts.hostname:
        port = parts.port or (443 if parts.scheme == "wss" else 80)
        try:
            async with asyncio.timeout(5):
                _, writer = await asyncio.open_connection(parts.hostname, port)
            writer.close()
            found.append(_ok(f"Asterisk's WebSocket answers at {parts.hostname}:{port}"))
        except (OSError, TimeoutError):
            found.append(
                Finding(
                    Level.ERROR,
                    f"Nothing answers at {parts.hostname}:{port} (browser phones)",
                    "In http.conf: enabled = yes, and the bind address and port.",
                )
            )
        local = parts.hostname in ("127.0.0.1", "localhost", "::1")
        if parts.scheme != "wss" and not local:
            found.append(
                Finding(
                    Level.ERROR, "ws_url is not wss://", "Browsers give no microphone without TLS."
                )
            )
    if (file := settings.console.certificate) is not None:
        found.append(_certificate(file))
    return found


def _certificate(file: Path) -> Finding:
    try:
        left = x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
    except (OSError, ValueError) as problem:
        return Finding(Level.ERROR, f"{file}: {problem}", "Run pbxd init to make a certificate.")
    days = (left - datetime.now(UTC)).days
    level = Level.ERROR if days < 0 else Level.WARNING if days < 21 else Level.OK
    return Finding(
        level, f"The certificate {file} is good for {days} days", "" if days >= 21 else "Renew it."
    )


async def sound(settings: Settings) -> list[Finding]:
    """A voice for announcements, and a folder for them that can be written."""
    found = [_ok("A voice for announcements is there")]
    if not shutil.which("espeak-ng"):
        todo = "apt-get install espeak-ng"
        found = [Finding(Level.WARNING, "No voice speaks announcements", todo)]
    folder = settings.pbx.sounds
    if folder is None:
        said = "Announcements of your own are not played: [pbx] sounds is not set"
        return [*found, Finding(Level.WARNING, said, "Set it to PBXD_SOUNDS of pbxd-office.conf.")]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as problem:
        return [*found, Finding(Level.ERROR, f"{folder}: {problem}", "Let pbxd write there.")]
    return [*found, _ok(f"Announcements go to {folder}")]


CHECKS: tuple[Check, ...] = (
    python,
    data,
    asterisk,
    event_log,
    browser_phones,
    sound,
    recordings,
)


async def examine(settings: Settings) -> list[Finding]:
    """Every check, in order."""
    return [finding for check in CHECKS for finding in await check(settings)]
