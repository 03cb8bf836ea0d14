"""Whose channel is it: an extension of the office, or a line outside?"""

from __future__ import annotations

import re
from collections.abc import Iterable

_WITHHELD = frozenset(
    {"", "anonymous", "unknown", "unavailable", "restricted", "private", "withheld", "asterisk"}
)
_BROWSER = "-web"


class Endpoints:
    """Knows an endpoint's owner by its name: the office's convention and its trunks."""

    def __init__(self, extension_pattern: str = r"\d{2,4}", trunks: Iterable[str] = ()) -> None:
        self._extension = re.compile(extension_pattern)
        self._trunks = frozenset(trunks)

    def extension(self, endpoint: str) -> str:
        """`101` or `101-web` → `101`; a trunk → ""."""
        name = endpoint.removesuffix(_BROWSER)
        if endpoint in self._trunks or not self._extension.fullmatch(name):
            return ""
        return name

    def is_extension(self, number: str) -> bool:
        """Does `number` look like an extension of ours?"""
        return self._extension.fullmatch(number) is not None


def withheld(number: str) -> bool:
    """The caller hides the number, or the network has none."""
    return number.strip().lower() in _WITHHELD
