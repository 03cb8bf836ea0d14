"""Who is it? Asked as soon as a call exists, so that the answer is there when a phone rings."""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from console.desk.ports import CallerCard, CallerCards, LastCall
from pbxd.bus import Bus
from pbxd.calls.model import Call, Direction
from pbxd.errors import NotFound
from pbxd.events import CallChanged, CallIdentified, CallsMerged, CallStarted
from pbxd.ports import Clock

KEPT = 2000  # calls whose answer stays in memory: all live ones and the pinned pops

Once = Callable[[str, Coroutine[Any, Any, None]], object]


@dataclasses.dataclass(frozen=True, slots=True)
class Identified:
    """What is known about the outside party of one call.

    `customer_id` is settled when one card is left, or when one was chosen before.
    """

    number: str = ""  # E.164 or short code; "" withheld or internal
    cards: tuple[CallerCard, ...] = ()
    customer_id: str = ""
    searching: bool = False
    lost: bool = False  # the customer was deleted meanwhile; kept, it may be taken back

    @property
    def card(self) -> CallerCard | None:
        """The settled customer."""
        return next((card for card in self.cards if card.customer_id == self.customer_id), None)

    @property
    def name(self) -> str:
        """The customer's name; of several candidates the first two."""
        if self.card is not None:
            return self.card.name
        return " / ".join(card.name for card in self.cards[:2])


class Identifier:
    """Looks callers up and publishes CallIdentified; remembers the answers of recent calls."""

    def __init__(
        self,
        bus: Bus,
        cards: CallerCards,
        normalise: Callable[[str], str],
        once: Once,
        clock: Clock,
        last_call: Callable[[str], Awaitable[LastCall | None]] | None = None,
    ) -> None:
        self._bus = bus
        self._cards = cards
        self._last_call = last_call
        self._normalise = normalise
        self._once = once
        self._clock = clock
        self._known: OrderedDict[str, Identified] = OrderedDict()
        bus.subscribe(CallStarted, lambda event: self._see(event.call))
        bus.subscribe(CallChanged, lambda event: self._see(event.call))
        bus.subscribe(CallsMerged, lambda event: self._see(event.call))
        bus.subscribe(CallIdentified, self._told)

    def of(self, key: str) -> Identified:
        """What is known about call `key` so far."""
        return self._known.get(key, Identified())

    async def choose(self, key: str, customer_id: str) -> None:
        """It is this one: remembered for the number. Raises NotFound."""
        known = self.of(key)
        if all(card.customer_id != customer_id for card in known.cards):
            raise NotFound("no-such-candidate", "This call does not have that customer.")
        await self._cards.choose(known.number, customer_id)
        cards = tuple(
            dataclasses.replace(card, doubtful=False) if card.customer_id == customer_id else card
            for card in known.cards
        )
        self._keep(key, dataclasses.replace(known, cards=cards))
        self._bus.publish(CallIdentified(self._clock(), key, customer_id))

    async def refresh(self, number: str) -> None:
        """Customers with `number` changed (a new one was made): look again for its calls."""
        for key, known in tuple(self._known.items()):
            if known.number == number:
                await self._look_up(key, number)

    def _see(self, call: Call) -> None:
        party = call.outside
        hidden = party.withheld or call.direction is Direction.INTERNAL
        number = "" if hidden or not party.number else self._normalise(party.number)
        known = self._known.get(call.key)
        if known is not None and known.number == number:
            return
        self._keep(call.key, Identified(number, searching=bool(number)))
        if number:
            self._once("identify caller", self._look_up(call.key, number))

    async def _look_up(self, key: str, number: str) -> None:
        try:
            cards = await self._with_last_calls(await self._cards.cards(number))
        finally:
            # whatever happens to the search, the pop must not say "searching" for ever
            if (known := self._known.get(key)) is not None and known.number == number:
                self._keep(key, dataclasses.replace(known, searching=False))
        known = self._known.get(key)
        if known is None or known.number != number:
            return
        there = any(card.customer_id == known.customer_id for card in cards)
        lost = not there and (known.lost or known.card is not None)
        self._keep(key, dataclasses.replace(known, cards=cards, lost=lost))
        # instead of who was deleted only somebody who came after: made from this call, or merged
        others = {card.customer_id for card in known.cards}
        after = "" if (settled := _settled(cards)) in others else settled
        chosen = after or known.customer_id if lost else known.customer_id or settled
        self._bus.publish(CallIdentified(self._clock(), key, chosen))

    async def _with_last_calls(self, cards: tuple[CallerCard, ...]) -> tuple[CallerCard, ...]:
        if self._last_call is None:
            return cards
        return tuple(
            [
                dataclasses.replace(card, last_call=await self._last_call(card.customer_id))
                for card in cards
            ]
        )

    def _told(self, event: CallIdentified) -> None:
        """Also by others: a call that was clicked at a customer's is that customer's."""
        known = self._known.get(event.key, Identified())
        if known.customer_id != event.customer_id:
            self._keep(event.key, dataclasses.replace(known, customer_id=event.customer_id))

    def _keep(self, key: str, known: Identified) -> None:
        self._known[key] = known
        while len(self._known) > KEPT:
            self._known.popitem(last=False)


def _settled(cards: tuple[CallerCard, ...]) -> str:
    if len(cards) == 1 or (cards and cards[0].remembered):
        return cards[0].customer_id
    return ""
