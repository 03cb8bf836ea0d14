"""Customers' pictures: added, ordered, taken back. One function is one transaction."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog

from console.audit import queries as audit
from console.customer_images import queries, rules
from console.customer_images.drawing import Drawing
from console.customer_images.model import Image, Kind
from console.customer_images.picture import Picture, UnusableError
from console.customers.service import Customers
from console.web.uploads import SentFile
from pbxd.errors import Conflict, NotFound
from pbxd.ports import Clock
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id

log = structlog.get_logger(__name__)

KEPT = timedelta(days=90)  # so long a deleted picture can be taken back, as batches can
EVERY_S = 6 * 3600.0
AT_ONCE = 20  # pictures deleted in one transaction: others write between


class Stale(Conflict):
    """Somebody wrote something else under it meanwhile: carries what they wrote."""

    def __init__(self, theirs: str) -> None:
        said = "Somebody else wrote meanwhile: “{text}”. Save again to replace it."
        super().__init__("image-stale", said, text=theirs)
        self.theirs = theirs


class CustomerImages:
    """All pictures of all customers."""

    def __init__(self, store: Store, customers: Customers, clock: Clock) -> None:
        self._store = store
        self._customers = customers
        self._clock = clock
        self.drawing = Drawing()

    async def album(self, customer_id: str) -> tuple[Image, ...]:
        """The main one first, then in their order."""
        async with self._store.reading() as conn:
            return await queries.album(conn, customer_id)

    async def data(self, customer_id: str, id: str, *, small: bool = False) -> bytes:
        """The JPEG file, or its thumbnail. Raises NotFound."""
        await self._customers.get(customer_id)
        async with self._store.reading() as conn:
            found = await queries.data(conn, customer_id, id, small=small)
        if found is None:
            raise _gone()
        return found

    async def add(self, customer_id: str, file: SentFile, by: str) -> Image:
        """One more; a customer's first is the main one. Raises InvalidInput, Conflict, NotFound."""
        rules.check_room(len(await self.album(customer_id)))
        if file.size != len(file.data):
            raise rules.unusable("big", file.name)
        if not file.data:
            raise rules.unusable("empty", file.name)
        try:
            picture = await self.drawing.prepared(file.data)
        except UnusableError as problem:
            raise rules.unusable(str(problem), file.name) from None
        return await self.keep(customer_id, picture, by)

    async def keep(self, customer_id: str, picture: Picture, by: str, caption: str = "") -> Image:
        """A picture that is ready. Raises Conflict, NotFound."""
        await self._customers.get(customer_id)
        now = self._clock()
        async with self._store.writing() as conn:
            there = await queries.album(conn, customer_id)
            rules.check_room(len(there))
            image = Image(
                new_id(),
                customer_id,
                Kind.RELATED if there else Kind.MAIN,
                await queries.last_position(conn, customer_id) + 1,
                caption,
                picture.width,
                picture.height,
                len(picture.picture),
                by,
                now,
            )
            await queries.add(conn, image, picture)
            said = {"customer": customer_id, "kind": image.kind.value, "bytes": image.size}
            await audit.note(conn, now, by, "customer-image.add", image.id, None, said)
        return image

    async def set_main(self, customer_id: str, id: str, main: bool, by: str) -> None:
        """The one beside the facts, or no more. Raises NotFound."""
        image = await self._there(customer_id, id)
        if image.main == main:
            return
        async with self._store.writing() as conn:
            done = await queries.set_main(conn, customer_id, id if main else "")
            if main and not done:
                raise _gone()
            what = "customer-image.main" if main else "customer-image.related"
            await audit.note(conn, self._clock(), by, what, id)

    async def set_caption(self, customer_id: str, id: str, was: str, typed: str, by: str) -> None:
        """What stands under it. Raises InvalidInput, NotFound, Stale."""
        caption = rules.caption(typed)
        image = await self._there(customer_id, id)
        if image.caption == caption:
            return
        async with self._store.writing() as conn:
            if not await queries.set_caption(conn, customer_id, id, was, caption):
                raise Stale(image.caption)
            what = "customer-image.caption"
            await audit.note(conn, self._clock(), by, what, id, image.caption, caption)

    async def move(self, customer_id: str, id: str, places: int, by: str) -> None:
        """Later, or (negative) earlier among the others. Raises NotFound."""
        await self._there(customer_id, id)
        async with self._store.writing() as conn:
            there = await queries.album(conn, customer_id)
            order = tuple(image.id for image in there if not image.main)
            after = rules.moved(order, id, places)
            await queries.set_order(conn, after)
            await audit.note(conn, self._clock(), by, "customer-image.move", id, order, after)

    async def delete(self, customer_id: str, id: str, by: str) -> None:
        """Away with it; it can be taken back. Raises NotFound."""
        image = await self._there(customer_id, id)
        now = self._clock()
        async with self._store.writing() as conn:
            await queries.set_deleted(conn, customer_id, id, now, image.kind)
            await audit.note(conn, now, by, "customer-image.delete", id)

    async def restore(self, customer_id: str, id: str, by: str) -> None:
        """Take a deletion back; it is the main one again unless another is. Raises NotFound."""
        await self._customers.get(customer_id)
        async with self._store.writing() as conn:
            image = await queries.one(conn, customer_id, id)
            if image is None:
                raise _gone()
            if image.deleted_at is None:
                return
            there = await queries.album(conn, customer_id)
            rules.check_room(len(there))
            taken = any(other.main for other in there)
            kind = Kind.RELATED if taken else image.kind
            await queries.set_deleted(conn, customer_id, id, None, kind)
            await audit.note(conn, self._clock(), by, "customer-image.restore", id)

    async def run(self) -> None:
        """A supervised service: what was deleted long ago goes out of the file too."""
        while True:
            await self.purge()
            await asyncio.sleep(EVERY_S)

    async def purge(self) -> int:
        """How many pictures went for ever."""
        async with self._store.reading() as conn:
            ids = await queries.deleted_before(conn, self._clock() - KEPT)
        for start in range(0, len(ids), AT_ONCE):
            async with self._store.writing() as conn:
                await queries.remove(conn, ids[start : start + AT_ONCE])
        if ids:
            log.info("deleted pictures are gone for ever", pictures=len(ids))
        return len(ids)

    async def _there(self, customer_id: str, id: str) -> Image:
        await self._customers.get(customer_id)
        async with self._store.reading() as conn:
            found = await queries.one(conn, customer_id, id)
        if found is None or found.deleted_at is not None:
            raise _gone()
        return found


def _gone() -> NotFound:
    return NotFound("no-image", "This picture is not there any more.")
