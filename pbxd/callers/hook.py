"""The dialplan asks who is calling, so that desk phones show the customer's name too."""

from __future__ import annotations

import unicodedata

from pbxd.agi.server import Answer
from pbxd.agi.session import Question
from pbxd.callers.numbers import NumberPlan
from pbxd.ports import CallerDirectory

LONGEST_NAME = 40  # a phone's display


def _short(name: str) -> str:
    """Cut between two letters, not between a letter and what is written over or after it."""
    end = LONGEST_NAME
    while end < len(name) and _belongs_to_the_last(name[end]):
        end -= 1
    return name[:end].strip()


def _belongs_to_the_last(char: str) -> bool:
    jamo, tones = "\u1160" <= char <= "\u11ff", "\U0001f3fb" <= char <= "\U0001f3ff"
    return jamo or tones or unicodedata.category(char).startswith("M")


class CallerName:
    """The hook `/caller-name`: sets the name of a caller whom exactly one customer fits."""

    def __init__(self, directory: CallerDirectory, plan: NumberPlan) -> None:
        self._directory = directory
        self._plan = plan

    async def __call__(self, question: Question) -> Answer:
        """The name, or nothing (then the network's own name stays)."""
        number = self._plan.normalise(question.caller)
        if not number:
            return {}
        found = await self._directory.look_up(number)
        if not found or (len(found) > 1 and not found[0].settled):
            return {}
        name = "".join(char for char in found[0].name if char.isprintable())
        answer = {"CALLERID(name)": _short(name)}
        if found[0].vip:
            answer["__PBXD_VIP"] = "yes"  # waits before others in a queue
        return answer
