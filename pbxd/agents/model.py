"""An agent as a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DeviceKind(StrEnum):
    """Which of an extension's phones the console drives."""

    BROWSER = "browser"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class Agent:
    """A person with an extension.

    `linked` is the CTI link (접속관리, S4-101): off means that the phone works and the screen
    stays quiet. `closed` agents have left; they stay in the history.
    """

    id: str
    name: str
    extension: str
    device: DeviceKind = DeviceKind.BROWSER
    linked: bool = True
    closed: bool = False

    @property
    def endpoint(self) -> str:
        """The SIP account of the phone that the console drives."""
        return endpoint_of(self.extension, self.device)


@dataclass(frozen=True, slots=True)
class SipCredentials:
    """What a browser phone needs to register; valid until the next are given out."""

    uri: str
    user: str
    secret: str
    ws_url: str

    def __repr__(self) -> str:
        return f"SipCredentials(user={self.user!r}, secret=…)"


def endpoint_of(extension: str, device: DeviceKind) -> str:
    """`101` → `101` (desk) or `101-web` (browser): the convention of `dialplan/`."""
    return f"{extension}-web" if device is DeviceKind.BROWSER else extension
