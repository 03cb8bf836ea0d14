"""Customers' pictures in the store: one main one, their order, deletion, limits, two made one."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image as Pillow
from sqlalchemy.exc import IntegrityError

from console.belongings.queries import give_back, take
from console.customer_images import queries
from console.customer_images.model import Image, Kind
from console.customer_images.picture import MOST_BYTES, Picture, kept
from console.customer_images.rules import MOST
from console.customer_images.service import KEPT, CustomerImages, Stale
from console.customers.files import customer_files
from console.customers.model import Details
from console.customers.service import Customers
from console.web.uploads import SentFile
from pbxd.callers.numbers import NumberPlan
from pbxd.errors import Conflict, InvalidInput, NotFound
from pbxd.store.engine import Store

READY = kept(Pillow.new("RGB", (30, 20), "red"))


@dataclass
class Office:
    """One customer at first."""

    store: Store
    customers: Customers
    images: CustomerImages
    id: str

    async def keep(self, count: int, id: str = "") -> list[str]:
        return [(await self.images.keep(id or self.id, READY, "u")).id for _ in range(count)]

    async def album(self, id: str = "") -> list[str]:
        return [image.id for image in await self.images.album(id or self.id)]

    async def main(self, id: str = "") -> list[str]:
        return [image.id for image in await self.images.album(id or self.id) if image.main]

    async def customer(self, name: str) -> str:
        return (await self.customers.create(Details(name), "u")).id


@pytest.fixture
async def office(store: Store) -> Office:
    def clock() -> datetime:
        return datetime.now(UTC)

    customers = customer_files(store, NumberPlan("KR", "02"), clock)
    images = CustomerImages(store, customers, clock)
    return Office(store, customers, images, (await customers.create(Details("홍길동"), "u")).id)


def jpeg(width: int = 60, height: int = 40) -> bytes:
    out = io.BytesIO()
    Pillow.new("RGB", (width, height), "blue").save(out, "JPEG")
    return out.getvalue()


async def test_a_sent_file_is_kept_with_its_thumbnail(office: Office) -> None:
    data = jpeg(3200, 1600)
    made = await office.images.add(office.id, SentFile("card.jpg", len(data), data), "u")
    assert (made.width, made.height, made.kind) == (1600, 800, Kind.MAIN)
    whole = await office.images.data(office.id, made.id)
    assert len(whole) == made.size
    assert Pillow.open(io.BytesIO(whole)).size == (1600, 800)
    small = await office.images.data(office.id, made.id, small=True)
    assert Pillow.open(io.BytesIO(small)).size == (240, 120)
    assert await office.main() == [made.id]


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (SentFile("notes.jpg", 6, b"a text"), "image-kind"),
        (SentFile("none.jpg", 0, b""), "image-empty"),
        (SentFile("huge.jpg", MOST_BYTES + 1, b""), "image-big"),
        (SentFile("half.jpg", 300, jpeg()[:300]), "image-damaged"),
    ],
)
async def test_what_is_wrong_is_refused_by_name(office: Office, file: SentFile, why: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await office.images.add(office.id, file, "u")
    assert refused.value.id == why
    assert file.name in str(refused.value)
    assert await office.album() == []


async def test_one_main_picture_at_most(office: Office) -> None:
    one, two, three = await office.keep(3)
    assert await office.main() == [one]
    await office.images.set_main(office.id, three, True, "u")
    assert await office.album() == [three, one, two], "the main one is the first"
    assert await office.main() == [three]
    await office.images.set_main(office.id, three, False, "u")
    assert await office.main() == []
    await office.images.set_main(office.id, two, True, "u")
    # and the database itself does not take a second
    image = (await office.images.album(office.id))[1]
    other = Image("x" * 26, office.id, Kind.MAIN, 9, "", 1, 1, 1, "u", image.at)
    with pytest.raises(IntegrityError):
        async with office.store.writing() as conn:
            await queries.add(conn, other, Picture(1, 1, b"", b""))


async def test_their_order(office: Office) -> None:
    main, one, two, three = await office.keep(4)
    await office.images.move(office.id, three, -1, "u")
    assert await office.album() == [main, one, three, two]
    await office.images.move(office.id, one, 1, "u")
    await office.images.move(office.id, two, 1, "u")
    assert await office.album() == [main, three, one, two]
    (last,) = await office.keep(1)
    assert (await office.album())[-1] == last


async def test_deleted_and_taken_back(office: Office) -> None:
    one, two = await office.keep(2)
    await office.images.delete(office.id, one, "u")
    assert await office.album() == [two]
    for small in (True, False):
        with pytest.raises(NotFound):
            await office.images.data(office.id, one, small=small)
    for refused in (
        office.images.delete(office.id, one, "u"),
        office.images.set_main(office.id, one, True, "u"),
        office.images.set_caption(office.id, one, "", "x", "u"),
    ):
        with pytest.raises(NotFound):
            await refused
    await office.images.restore(office.id, one, "u")
    assert await office.main() == [one], "it is the main one again"
    # unless another is
    await office.images.delete(office.id, one, "u")
    await office.images.set_main(office.id, two, True, "u")
    await office.images.restore(office.id, one, "u")
    assert await office.main() == [two]
    assert await office.album() == [two, one]


async def test_fifty_at_most(office: Office) -> None:
    ids = await office.keep(MOST)
    with pytest.raises(Conflict):
        await office.keep(1)
    await office.images.delete(office.id, ids[3], "u")
    await office.keep(1)
    with pytest.raises(Conflict):
        await office.images.restore(office.id, ids[3], "u")
    assert len(await office.album()) == MOST


async def test_a_caption_of_two(office: Office) -> None:
    (id,) = await office.keep(1)
    await office.images.set_caption(office.id, id, "", " 명함  앞면 ", "a")
    with pytest.raises(Stale) as stale:
        await office.images.set_caption(office.id, id, "", "뒷면", "b")
    assert stale.value.theirs == "명함 앞면"
    await office.images.set_caption(office.id, id, stale.value.theirs, "뒷면", "b")
    assert [one.caption for one in await office.images.album(office.id)] == ["뒷면"]
    with pytest.raises(InvalidInput):
        await office.images.set_caption(office.id, id, "뒷면", "가" * 201, "b")


async def test_deleted_ones_go_for_ever_when_they_cannot_be_taken_back_any_more(
    office: Office,
) -> None:
    stays, old, fresh = await office.keep(3)
    now = datetime.now(UTC)

    def images(ago: timedelta) -> CustomerImages:
        return CustomerImages(office.store, office.customers, lambda: now - ago)

    await images(KEPT + timedelta(minutes=1)).delete(office.id, old, "u")
    await images(KEPT - timedelta(minutes=1)).delete(office.id, fresh, "u")
    assert await images(timedelta()).purge() == 1
    with pytest.raises(NotFound):
        await office.images.restore(office.id, old, "u")
    await office.images.restore(office.id, fresh, "u")
    assert set(await office.album()) == {stays, fresh}


async def test_nobody_reaches_it_by_another_customer(office: Office) -> None:
    (id,) = await office.keep(1)
    other = await office.customer("다른 고객")
    for refused in (
        office.images.data(other, id),
        office.images.delete(other, id, "u"),
        office.images.restore(other, id, "u"),
        office.images.set_main(other, id, True, "u"),
        office.images.move(other, id, 1, "u"),
        office.images.data(office.id, "x" * 26),
    ):
        with pytest.raises(NotFound):
            await refused
    assert await office.main() == [id]


async def test_of_a_deleted_customer_nothing_is_shown(office: Office) -> None:
    (id,) = await office.keep(1)
    await office.customers.delete(office.id, "u")
    with pytest.raises(NotFound):
        await office.images.data(office.id, id)
    with pytest.raises(NotFound):
        await office.keep(1)
    await office.customers.restore(office.id, "u")
    assert await office.images.data(office.id, id) == READY.picture


async def test_two_customers_made_one_and_two_again(office: Office) -> None:
    giver = await office.customer("같은 고객")
    mine, theirs = await office.keep(2), await office.keep(2, giver)
    async with office.store.writing() as conn:
        moved = await take(conn, giver, office.id)
    assert await office.main() == [mine[0]], "the taker's own stays"
    assert set(await office.album()) == {*mine, *theirs}
    assert await office.album(giver) == []
    async with office.store.writing() as conn:
        await give_back(conn, giver, moved)
    assert (await office.main(), await office.main(giver)) == ([mine[0]], [theirs[0]])
    assert (await office.album(), await office.album(giver)) == (mine, theirs)


async def test_made_one_where_only_the_giver_has_a_main_one(office: Office) -> None:
    giver = await office.customer("같은 고객")
    theirs = await office.keep(2, giver)
    async with office.store.writing() as conn:
        moved = await take(conn, giver, office.id)
    assert await office.main() == [theirs[0]]
    # meanwhile another of them becomes the main one: so it is when they go back
    await office.images.set_main(office.id, theirs[1], True, "u")
    async with office.store.writing() as conn:
        await give_back(conn, giver, moved)
    assert await office.main(giver) == [theirs[1]]
