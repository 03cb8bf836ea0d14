"""One call of a desk phone: its SIP dialog (RFC 3261, section 12) and its audio."""

import secrets
from dataclasses import dataclass, field
from typing import Self

from lab.ports import OFFICE_ADDRESS
from lab.rtp import Audio
from lab.sip import MAGIC, Sip, sdp, sdp_target


@dataclass(slots=True)
class PhoneCall:
    """`invite` is what rang here; None for a call that this phone made."""

    id: str  # Call-ID
    ours: str  # this phone's address; with its tag, From of its requests
    tag: str
    theirs: str
    target: str  # the other side's Contact
    address: tuple[str, int]  # where requests are sent
    audio: Audio
    invite: Sip | None = None
    trying: bool = False  # the other side works on the INVITE of ours
    up: bool = False
    held: bool = False  # by this phone
    sequence: int = 0  # of our requests
    branch: str = field(default_factory=lambda: f"{MAGIC}{secrets.token_hex(8)}")  # of our INVITE
    challenged: bool = False  # it has answered a 401
    version: int = 0  # of its SDP
    last: bytes = b""  # the last response to `invite`, sent again when it comes again

    @classmethod
    def incoming(cls, invite: Sip, address: tuple[str, int], audio: Audio) -> Self:
        """A call that begins to ring."""
        return cls(
            id=invite.get("call-id"),
            ours=invite.get("to"),
            tag=secrets.token_hex(4),
            theirs=invite.get("from"),
            target=invite.address("contact"),
            address=address,
            audio=audio,
            invite=invite,
        )

    @classmethod
    def outgoing(cls, me: str, to: str, address: tuple[str, int], audio: Audio) -> Self:
        """A call to the SIP address `to`; `me` is this phone's."""
        return cls(
            id=f"{secrets.token_hex(8)}@{OFFICE_ADDRESS}",
            ours=f"<{me}>",
            tag=secrets.token_hex(4),
            theirs=f"<{to}>",
            target=to,
            address=address,
            audio=audio,
        )

    @property
    def ringing(self) -> bool:
        """It came in and nobody answered it yet."""
        return self.invite is not None and not self.up

    def sdp(self) -> str:
        """What this side wants and says now."""
        self.version += 1  # it may have changed since it was last told
        direction = "sendonly" if self.held else "sendrecv"
        return sdp(OFFICE_ADDRESS, self.audio.port, direction, self.version)

    def talk_to(self, body: str) -> bool:
        """Speak to where the other side's SDP says; False when it says nothing."""
        target = sdp_target(body)
        if target is not None:
            self.audio.start(target)
        return target is not None

    def hold(self, on: bool) -> None:
        """Say nothing to the other side, or speak again; the other side is to be told."""
        self.held = on
        self.audio.silence(on)

    def begun(self, response: Sip) -> None:
        """The other side took this phone's INVITE: now the dialog is known."""
        self.theirs = response.get("to")
        self.target = response.address("contact") or self.target

    def headers(self, method: str, number: int, contact: str) -> list[tuple[str, str]]:
        """Those of a request of this phone's in the dialog."""
        return [
            ("From", f"{self.ours};tag={self.tag}"),
            ("To", self.theirs),
            ("Call-ID", self.id),
            ("CSeq", f"{number} {method}"),
            ("Contact", contact),
        ]
