"""The browser phone of an extension, as Asterisk's PJSIP finds it in AstDB.

`dialplan/sorcery-pbxd.conf` lets PJSIP look for endpoints, aors and auths in AstDB after its own
files: what is put there works at once, with no file and no reload, and survives both programs.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

FAMILY = "pbxd_sip"  # the prefix that sorcery-pbxd.conf names


@dataclass(frozen=True, slots=True)
class Entry:
    """One AstDB entry."""

    family: str
    key: str
    value: str


def entries(
    endpoint: str, extension: str, name: str, secret: str, language: str, media_address: str = ""
) -> list[Entry]:
    """What AstDB must hold for `endpoint` (`101-web`) to register with `secret`.

    `rtp_timeout` ends the call of a browser that went away without a word (nobody would else).
    The order matters: the endpoint refers to the other two.
    """
    auth = {"auth_type": "digest", "username": endpoint, "password": secret}
    aor = {"max_contacts": "1", "remove_existing": "yes", "qualify_frequency": "30"}
    phone = {
        "context": "pbxd-internal",
        "webrtc": "yes",
        "disallow": "all",
        "allow": "opus,alaw,ulaw",
        "language": language,
        "direct_media": "no",
        "dtls_auto_generate_cert": "yes",
        "dtmf_mode": "rfc4733",
        "send_pai": "yes",
        "trust_id_outbound": "yes",
        "rtp_timeout": "20",
        "rtp_timeout_hold": "3600",
        "accountcode": extension,
        "callerid": f'"{_plain(name)}" <{extension}>',
        "auth": endpoint,
        "aors": endpoint,
    }
    if media_address:
        phone |= {"media_address": media_address, "bind_rtp_to_media_address": "yes"}
    return [
        Entry(f"{FAMILY}/{kind}", endpoint, json.dumps(value, ensure_ascii=False))
        for kind, value in (("auth", auth), ("aor", aor), ("endpoint", phone))
    ]


def _plain(name: str) -> str:
    """A name inside quotes: what would end the quotes is left out."""
    return "".join(char for char in name if char not in '"\\<>').strip()
