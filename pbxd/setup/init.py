"""Asks, tests, and only then writes: pbxd.toml, a certificate, the dialplan's include files."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pbxd.config import Settings
from pbxd.doctor.checks import asterisk
from pbxd.doctor.finding import Finding, Level
from pbxd.setup import certificate

SOUNDS = "/var/lib/pbxd/sounds"  # below systemd's StateDirectory
SPOOL = "/var/spool/asterisk/pbxd"  # Asterisk writes there, pbxd's group may too
DIALPLAN = Path(__file__).parent.parent.parent / "dialplan"


@dataclass(slots=True)
class Answers:
    """What must be known."""

    host: str = "127.0.0.1"
    port: int = 5038
    user: str = "pbxd"
    secret: str = ""
    trunk: str = "trunk"
    number: str = ""
    country: str = "KR"
    area_code: str = "02"
    members: str = "101"
    console_host: str = "127.0.0.1"
    hosts: str = "localhost"
    cel_file: str = "/var/log/asterisk/cel-custom/pbxd.csv"


QUESTIONS = (
    ("host", "Address of Asterisk's manager interface (AMI)"),
    ("port", "Its port"),
    ("user", "AMI account"),
    ("secret", "Its secret (empty: one is made, and shown for manager.conf)"),
    ("trunk", "Name of the PJSIP endpoint that leads outside"),
    ("number", "The office's main number, as the trunk sends it"),
    ("country", "Country (KR or TW)"),
    ("area_code", "The office's area code"),
    ("members", "Extensions that ring for a call from outside, with & between them"),
    ("console_host", "Address on which the console listens (0.0.0.0: everywhere)"),
    ("hosts", "Names and addresses by which browsers reach it, with commas"),
    ("cel_file", "Where Asterisk writes pbxd's CEL file"),
)


def ask(answers: Answers, say: Callable[[str], None], read: Callable[[str], str]) -> None:
    """Go through the questions; an empty line keeps what stands there."""
    for name, question in QUESTIONS:
        present = getattr(answers, name)
        shown = "" if name == "secret" else f" [{present}]"
        while True:
            typed = read(f"{question}{shown}: ").strip()
            if not typed:
                break
            if name == "port" and not (typed.isdecimal() and 0 < int(typed) < 65536):
                say("A port is a number from 1 to 65535.")
                continue
            if name == "country" and typed not in ("KR", "TW"):
                say("Enter KR or TW.")
                continue
            setattr(answers, name, int(typed) if name == "port" else typed)
            break


async def test(answers: Answers) -> list[Finding]:
    """Try the AMI login; findings name what is missing."""
    pbx = {
        "host": answers.host,
        "port": answers.port,
        "user": answers.user,
        "secret": answers.secret,
    }
    return await asterisk(Settings(pbx=pbx))  # type: ignore[arg-type]


def reachable(findings: list[Finding]) -> bool:
    """Logged in (the dialplan may still be missing: that is what we are about to write)."""
    return any(finding.level is Level.OK for finding in findings)


def write(answers: Answers, folder: Path, file: Path) -> list[str]:
    """Write everything; returns what the engineer must still do. An old file is kept beside."""
    folder.mkdir(parents=True, exist_ok=True)
    hosts = [one.strip() for one in answers.hosts.split(",") if one.strip()] or ["localhost"]
    pem, key = folder / "pbxd.pem", folder / "pbxd.key"
    if not pem.exists():
        certificate.make(hosts, pem, key)
    if file.exists():
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
        file.rename(file.with_name(f"{file.name}.{stamp}"))
    certificate.write_private(file, _toml(answers, hosts[0], pem, key).encode())
    target = folder / "asterisk" / "pbxd"
    target.mkdir(parents=True, exist_ok=True)
    _asterisk_files(answers, target)
    return _left_to_do(answers, pem, key)


def new_secret() -> str:
    """For a new AMI account."""
    return secrets.token_urlsafe(24)


def _toml(answers: Answers, name: str, pem: Path, key: Path) -> str:
    return f"""# Settings of pbxd; every key is explained in docs/settings.md.
[pbx]
host = "{answers.host}"
port = {answers.port}
user = "{answers.user}"
secret = "{answers.secret}"
ws_url = "wss://{name}:8089/ws"
trunks = ["{answers.trunk}"]
caller_id = "{answers.number}"
cel_file = "{answers.cel_file}"
sounds = "{SOUNDS}"
spool = "{SPOOL}"

[office]
country = "{answers.country}"
area_code = "{answers.area_code}"
time_zone = "{"Asia/Seoul" if answers.country == "KR" else "Asia/Taipei"}"
language = "{"ko" if answers.country == "KR" else "zh_Hant"}"

[office.lines]
"{answers.number}" = "{answers.number}"

[console]
host = "{answers.console_host}"
port = 8443
certificate = "{pem}"
key = "{key}"

[store]
directory = "data"
"""


def _asterisk_files(answers: Answers, target: Path) -> None:
    jinja = Environment(  # noqa: S701 - Asterisk's configuration is no HTML
        loader=FileSystemLoader(DIALPLAN), undefined=StrictUndefined, keep_trailing_newline=True
    )
    office = {
        "trunk": answers.trunk,
        "number": answers.number,
        "members": answers.members.split("&"),
        "ring_seconds": 30,
        "out_seconds": 60,
        "ask_seconds": 0.4,
        "language": "ko" if answers.country == "KR" else "zh",
        "country": answers.country.lower(),
        "sounds": SOUNDS,
        "spool": SPOOL,
    }
    account = {"user": answers.user, "secret": answers.secret}
    for template in DIALPLAN.glob("*.conf.j2"):
        text = jinja.get_template(template.name).render(
            office=office, account=account, ports={"agi": 4573}
        )
        certificate.write_private(target / template.stem, text.encode())
    for source in DIALPLAN.glob("*.conf"):
        (target / source.name).write_bytes(source.read_bytes())


def _left_to_do(answers: Answers, pem: Path, key: Path) -> list[str]:
    return [
        "As root: pbxd dialplan install (it shows what it changes, and undoes it when it fails)",
        "manager.conf: [general] timestampevents = yes",
        "queues.conf: [general] persistentmembers = yes",
        f"Announcements of your own: Asterisk reads {SOUNDS} (usermod -aG pbxd asterisk).",
        "modules.conf: noload = bridge_native_rtp.so (see docs/installation.md)",
        "pjsip.conf: phones and trunk use the templates of pbxd/pjsip-pbxd.conf",
        (
            f"http.conf: enabled=yes, tlsenable=yes, tlsbindaddr=0.0.0.0:8089, tlscertfile={pem}, "
            f"tlsprivatekey={key}"
        ),
        f"Trunk {answers.trunk}: context=pbxd-inbound. Phones: context=pbxd-internal.",
        "Restart Asterisk, then run: pbxd doctor",
        "Make the first administrator: pbxd user add NAME --role admin",
    ]
