"""The sample office: eight agents, desk phones, one line, and the Asterisk that serves them."""

import json
import os
import secrets as random_text
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Self

from lab.asterisk import Instance
from lab.ports import OFFICE_ADDRESS, Ports

# 02-555-0100: Seoul, as the trunk sends and expects it. Nobody's number: it never leaves loopback.
MAIN_NUMBER = "025550100"
MAIN_NUMBER_E164 = "+8225550100"
TRUNK = "city"
QUEUE_LINES = {"025550200": "상담 대기열", "025550300": "A/S 대기열"}


@dataclass(frozen=True, slots=True)
class Agent:
    """A person with an extension; `name` is what a desk phone shows."""

    extension: str
    name: str


AGENTS = (
    Agent("101", "김서준"),
    Agent("102", "이하은"),
    Agent("103", "박도윤"),
    Agent("104", "최지우"),
    Agent("105", "정민서"),
    Agent("106", "강예준"),
    Agent("107", "조수아"),
    Agent("108", "윤지호"),
)


@dataclass(frozen=True, slots=True)
class Secrets:
    """The lab's passwords; made once per lab folder and kept in a file only its owner reads."""

    lab: str
    pbxd: str
    desk: dict[str, str]

    @classmethod
    def of(cls, folder: Path) -> Self:
        """The folder's secrets, made at the first call."""
        file = folder / "secrets.json"
        if file.exists():
            return cls(**json.loads(file.read_text(encoding="utf-8")))
        made = cls(
            lab=random_text.token_urlsafe(24),
            pbxd=random_text.token_urlsafe(24),
            desk={agent.extension: random_text.token_urlsafe(18) for agent in AGENTS},
        )
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump(asdict(made), out)
        return made


@dataclass(frozen=True, slots=True)
class OfficeSettings:
    """What pbxd-office.conf says about this office."""

    trunk: str = TRUNK
    number: str = MAIN_NUMBER
    members: tuple[str, ...] = tuple(agent.extension for agent in AGENTS)
    ring_seconds: int = 30
    out_seconds: int = 60
    ask_seconds: float = 0.4
    language: str = "ko"
    country: str = "kr"
    sounds: str = ""  # as Asterisk sees it; the office's own folder when empty
    spool: str = ""  # the same for what it records


@dataclass(frozen=True, slots=True)
class Account:
    """An AMI account."""

    user: str
    secret: str = field(repr=False)


Watcher = Callable[[str], bool]  # does it see that this extension's desk phone can be called?


class Office(Instance):
    """The office's Asterisk. pbxd logs in with `account`; desk phones use `secrets.desk`."""

    def __init__(
        self,
        name: str,
        root: Path,
        ports: Ports,
        secrets: Secrets,
        settings: OfficeSettings | None = None,
    ) -> None:
        self.ports = ports
        self.secrets = secrets
        self.settings = settings or OfficeSettings()
        if not self.settings.sounds:
            self.settings = replace(self.settings, sounds=f"/instances/{name}/sounds")
        if not self.settings.spool:
            self.settings = replace(self.settings, spool=f"/instances/{name}/spool/pbxd")
        self.account = Account("pbxd", secrets.pbxd)
        self.watchers: list[Watcher] = []  # who beside it must know of a phone before it is used
        super().__init__(
            name,
            root,
            role="office",
            settings={
                "ports": ports,
                "secrets": secrets,
                "agents": AGENTS,
                "office": self.settings,
                "account": self.account,
            },
            ami=(OFFICE_ADDRESS, ports.ami, "lab", secrets.lab),
        )

    @property
    def sounds(self) -> Path:
        """Where pbxd puts announcements."""
        return self.folder / "sounds"

    @property
    def spool(self) -> Path:
        """Where Asterisk puts what it records for pbxd."""
        return self.folder / "spool" / "pbxd"

    @property
    def ws_url(self) -> str:
        """Where browser phones connect."""
        return f"ws://{OFFICE_ADDRESS}:{self.ports.ws}/ws"
