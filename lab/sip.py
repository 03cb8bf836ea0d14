"""As much SIP (RFC 3261) over UDP as one desk phone needs: messages, digest, a small SDP."""

import hashlib
import re
import secrets
from dataclasses import dataclass

MAGIC = "z9hG4bK"  # begins every branch since RFC 3261
REASONS = {
    100: "Trying",
    180: "Ringing",
    200: "OK",
    481: "Call/Transaction Does Not Exist",
    486: "Busy Here",
    487: "Request Terminated",
    501: "Not Implemented",
}
COMPACT = {
    "v": "via",
    "f": "from",
    "t": "to",
    "i": "call-id",
    "m": "contact",
    "l": "content-length",
}


@dataclass(frozen=True, slots=True)
class Sip:
    """One SIP message: a request has a method, a response a status (0 in requests)."""

    method: str
    uri: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: str = ""
    reason: str = ""  # of a response

    def same_as(self, request: "Sip") -> bool:
        """It is this request that came again: method and number are the same."""
        return request.get("cseq") == self.get("cseq")

    def all(self, name: str) -> list[str]:
        """Every value of a header, in order."""
        return [value for key, value in self.headers if key == name.lower()]

    def get(self, name: str) -> str:
        """The first value of a header, empty when there is none."""
        return next(iter(self.all(name)), "")

    def parameter(self, header: str, name: str) -> str:
        """A parameter such as `tag`, empty when there is none."""
        found = re.search(rf"[;, ]{name}=\"?([^\";,\s]+)", self.get(header))
        return found[1] if found else ""

    def address(self, header: str) -> str:
        """The URI in a header such as Contact."""
        value = self.get(header)
        found = re.search(r"<([^>]+)>", value)
        return found[1] if found else value.partition(";")[0].strip()


def parse(data: bytes) -> Sip | None:
    """A datagram as a message; None for keep-alives and what is no SIP."""
    text = data.decode("utf-8", "replace")
    head, _, body = text.partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    words = first.split(" ", 2)
    if len(words) != 3 or "SIP/2.0" not in first:
        return None
    headers = []
    for line in lines:
        key, _, value = line.partition(":")
        key = key.strip().lower()
        headers.append((COMPACT.get(key, key), value.strip()))
    if words[0] == "SIP/2.0":
        return Sip("", "", int(words[1]), tuple(headers), body, words[2])
    return Sip(words[0], words[1], 0, tuple(headers), body)


def build(first: str, headers: list[tuple[str, str]], body: str = "") -> bytes:
    """A message as bytes, with its lengths."""
    kind = [("Content-Type", "application/sdp")] if body else []
    length = ("Content-Length", str(len(body.encode())))
    lines = [f"{key}: {value}" for key, value in [*headers, *kind, length]]
    return "\r\n".join([first, *lines, "", body]).encode()


def respond(request: Sip, status: int, tag: str, contact: str, body: str = "") -> bytes:
    """The response to a request: what must be the same is copied (section 8.2.6)."""
    to = request.get("to")
    if "tag=" not in to and status != 100:
        to = f"{to};tag={tag}"
    headers = [("Via", via) for via in request.all("via")]
    headers += [("Record-Route", route) for route in request.all("record-route")]
    headers += [("From", request.get("from")), ("To", to), ("Call-ID", request.get("call-id"))]
    headers += [("CSeq", request.get("cseq")), ("Contact", contact)]
    return build(f"SIP/2.0 {status} {REASONS[status]}", headers, body)


def authorization(challenge: Sip, user: str, secret: str, method: str, uri: str) -> str:
    """The answer to a 401's WWW-Authenticate (digest, MD5, qop auth)."""
    asked = challenge.get("www-authenticate")
    given = dict(re.findall(r'(\w+)="?([^",]+)"?', asked.partition(" ")[2]))
    nonce, realm, count, mine = given["nonce"], given["realm"], "00000001", secrets.token_hex(8)
    first = _md5(f"{user}:{realm}:{secret}")
    second = _md5(f"{method}:{uri}")
    answer = _md5(f"{first}:{nonce}:{count}:{mine}:auth:{second}")
    opaque = f', opaque="{given["opaque"]}"' if "opaque" in given else ""
    return (
        f'Digest username="{user}", realm="{realm}", nonce="{nonce}", uri="{uri}", '
        f'response="{answer}", algorithm=MD5, qop=auth, nc={count}, cnonce="{mine}"{opaque}'
    )


def sdp(address: str, port: int, direction: str = "sendrecv", version: int = 1) -> str:
    """An offer or answer of G.711 A-law and keys; `direction` sendonly: the other side is held."""
    return "\r\n".join(
        [
            "v=0",
            f"o=- 1 {version} IN IP4 {address}",
            "s=-",
            f"c=IN IP4 {address}",
            "t=0 0",
            f"m=audio {port} RTP/AVP 8 101",
            "a=rtpmap:8 PCMA/8000",
            "a=rtpmap:101 telephone-event/8000",
            "a=fmtp:101 0-16",
            "a=ptime:20",
            f"a={direction}",
            "",
        ]
    )


def sdp_target(body: str) -> tuple[str, int] | None:
    """Where the other side wants its audio."""
    address = re.search(r"^c=IN IP4 (\S+)", body, re.MULTILINE)
    port = re.search(r"^m=audio (\d+)", body, re.MULTILINE)
    return (address[1], int(port[1])) if address and port else None


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
