"""All settings of one daemon: `pbxd.toml` plus environment (`PBXD_PBX__SECRET=…` wins).

Read once at start; a wrong value stops the start with file, key and reason. No part reads the
environment by itself.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from pbxd.errors import ConfigError

Port = Annotated[int, Field(ge=1, le=65535)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class PbxSettings(_Section):
    """The Asterisk beside us. Without `host` the console runs alone."""

    host: str = ""
    """AMI address; empty: no PBX configured."""
    port: Port = 5038
    """AMI port."""
    user: str = "pbxd"
    """AMI account."""
    secret: SecretStr = SecretStr("")
    """AMI password; better in the environment or a credential file than here."""
    ws_url: str = ""
    """Where browser phones register, e.g. wss://pbx.office:8089/ws."""
    sip_domain: str = ""
    """SIP domain of browser phones; empty: the host of ws_url."""
    trunks: tuple[str, ...] = ()
    """PJSIP endpoint names of the lines outside."""
    extension_pattern: str = r"\d{2,4}"
    """What an extension of this office looks like."""
    media_address: str = ""
    """Address for the sound of browser phones when Asterisk cannot tell it by itself."""
    caller_id: str = ""
    """The number shown to those we call."""
    cel_file: Path | None = None
    """Asterisk's CEL file, for what happened while pbxd was away."""
    sounds: Path | None = None
    """Where announcements of the office's own are put for Asterisk (its PBXD_SOUNDS)."""
    spool: Path | None = None
    """Where Asterisk puts what it records (calls, spoken messages) until pbxd takes it (its
    PBXD_SPOOL)."""
    ring_seconds: Annotated[int, Field(ge=5, le=300)] = 30
    """Click-to-call: how long the agent's own phone rings (seconds)."""


class AgiSettings(_Section):
    """The FastAGI door through which the dialplan asks."""

    host: str = "127.0.0.1"
    """Address to listen on; Asterisk must reach it."""
    port: Annotated[int, Field(ge=0, le=65535)] = 4573
    """Port; 0: any free one."""
    deadline_ms: Annotated[int, Field(ge=100, le=5000)] = 400
    """How long a question may take; the same as PBXD_ASK_SECONDS in pbxd-office.conf."""


class DeskSettings(_Section):
    """What the desk does by itself."""

    hold_reminder_seconds: Annotated[int, Field(ge=0, le=3600)] = 60
    """A call on hold for longer asks for attention; 0 never."""
    show_listening: bool = False
    """Does an agent see that a supervisor listens? Whispering and barging in are always seen."""
    pick_up: Literal["all", "queue"] = "all"
    """Whose ringing calls may be picked up: everybody's, or those of one's queues' members."""
    last_agent_days: Annotated[int, Field(ge=0, le=3650)] = 0
    """A caller of a ring group rings first at whom he talked with within so many days; 0 never."""
    vip_extensions: tuple[str, ...] = ()
    """VIP customers who call a ring group ring these extensions first."""
    rescue_seconds: Annotated[int, Field(ge=5, le=600)] = 60
    """How long a customer whose agent's phone vanished waits for that agent; then all are rung."""


class ScheduledSettings(_Section):
    """Calls at a time that was set (예약콜)."""

    tries: Annotated[int, Field(ge=1, le=20)] = 3
    """How often a scheduled call is tried before it counts as failed."""
    every_minutes: Annotated[int, Field(ge=1, le=240)] = 5
    """The pause between two tries."""
    late_minutes: Annotated[int, Field(ge=1, le=1440)] = 30
    """One that could not be made for so long is not made any more."""
    remind_minutes: Annotated[int, Field(ge=0, le=240)] = 5
    """How long before its time the agent is told; 0 not at all."""


class OfficeSettings(_Section):
    """The office: country rules, clock, name."""

    name: str = "pbxd"
    """The office's name, in the title of each page."""
    country: Literal["KR", "TW"] = "KR"
    """Whose number plan, holidays and calendars hold."""
    area_code: str = "02"
    """Dialled without it: a number of our own area (S1-25)."""
    time_zone: str = "Asia/Seoul"
    """Times on screens and days of reports are in this zone; stored times are UTC."""
    language: Literal["ko", "zh_Hant", "en"] = "ko"
    """For prompts, and for browsers that ask for none of the three."""
    years: Literal["western", "roc", "roc-four"] = "western"
    """How Chinese screens count years (2026, 115 or 0115) for who has chosen nothing."""
    lines: dict[str, str] = Field(default_factory=dict)
    """Our numbers as the trunk sends them → their names ("대표번호")."""

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("no such time zone; write it like Asia/Seoul")
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return ZoneInfo(self.time_zone)


class ConsoleSettings(_Section):
    """The web console."""

    host: str = "127.0.0.1"
    """Address to listen on."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    """Port; 0: any free one."""
    certificate: Path | None = None
    """PEM with chain; with `key` the console speaks HTTPS."""
    key: Path | None = None
    """The certificate's private key (PEM, mode 0600)."""
    origins: tuple[str, ...] = ()
    """Further addresses by which browsers reach us (a proxy's)."""
    keep_days: Annotated[int, Field(ge=0, le=90)] = 30
    """How long "keep me logged in on this device" lasts at most; 0: it is not offered."""
    api_token: SecretStr = SecretStr("")
    """For web sites that ask for callbacks (docs/api.md); empty: they cannot."""


class StoreSettings(_Section):
    """Where data live."""

    directory: Path = Path(".data")
    """Database, backups, recordings and spoken messages."""
    keep_backups: Annotated[int, Field(ge=1, le=1000)] = 20
    """How many backups made before migrations are kept."""
    recordings_key: Path | None = None
    """File with 64 hexadecimal digits (`openssl rand -hex 32`); new recordings are encrypted
    with it. Keep a copy elsewhere: without it they cannot be heard."""
    personal_key: Path | None = None
    """File with 64 hexadecimal digits that encrypts national and business numbers; empty:
    `personal.key` in `directory`, made by itself. Keep a copy elsewhere: no backup holds it."""


class SampleSettings(_Section):
    """Only `make run` without a PBX sets this: a made-up office to try things in."""

    lab: Path | None = None
    """The lab's directory; its outside world can ring us."""


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        env_prefix="PBXD_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    pbx: PbxSettings = PbxSettings()
    agi: AgiSettings = AgiSettings()
    office: OfficeSettings = OfficeSettings()
    desk: DeskSettings = DeskSettings()
    scheduled: ScheduledSettings = ScheduledSettings()
    console: ConsoleSettings = ConsoleSettings()
    store: StoreSettings = StoreSettings()
    sample: SampleSettings = SampleSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file (which arrives as init values)."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings


def load(file: Path) -> Settings:
    """Read `file` (may be absent: defaults) and the environment.

    Relative paths in the file are relative to the file. Raises ConfigError.
    """
    values: dict[str, Any] = {}
    if file.exists():
        try:
            values = tomllib.loads(file.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(str(file), "(syntax)", str(error)) from None
        except OSError as error:
            raise ConfigError(str(file), "(file)", error.strerror or str(error)) from None
    try:
        settings = Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ConfigError(_origin(file, key), key, _reason(first)) from None
    return _anchored(settings, file.resolve().parent)


def _origin(file: Path, key: str) -> str:
    variable = "PBXD_" + key.replace(".", "__").upper()
    return f"environment {variable}" if variable in os.environ else str(file)


def _reason(error: Any) -> str:
    if error["type"] == "extra_forbidden":
        return "there is no such setting; see docs/settings.md"
    given = error.get("input")
    shown = (
        "" if isinstance(given, dict) or "secret" in str(error["loc"]) else f" (given: {given!r})"
    )
    return f"{error['msg']}{shown}"


def _anchored(settings: Settings, base: Path) -> Settings:
    def anchor(section: BaseModel) -> BaseModel:
        paths = {
            name: base / value
            for name in type(section).model_fields
            if isinstance(value := getattr(section, name), Path)
        }
        return section.model_copy(update=paths)

    sections = {name: anchor(getattr(settings, name)) for name in type(settings).model_fields}
    return settings.model_copy(update=sections)
