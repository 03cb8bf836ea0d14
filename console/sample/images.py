"""Business cards and faces of the sample office's first customers, drawn here."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from datetime import timedelta

from PIL import Image, ImageDraw, ImageFont

from console.customer_images import model, queries
from console.customer_images.picture import Picture, kept
from console.customers.model import Customer
from console.customers.service import Customers
from console.users.service import Users
from pbxd.app import Daemon
from pbxd.store.metadata import new_id

SEED = 7
CUSTOMERS = 10
COLOURS = ("#1f5f95", "#1e8a4c", "#a3521d", "#6a3fa0", "#b03060", "#2f6f73")
SKIN = ("#f3d3b5", "#e8bd95", "#f7dfc8")
HAIR = ("#241c1c", "#3a2a20", "#5a4a42", "#777777")


async def images(daemon: Daemon, users: Users, customers: Customers) -> None:
    """A card or a face for each; some have more: the shop, what was delivered."""
    page = await customers.page(size=CUSTOMERS)
    by = next(user.id for user in users.all() if user.login == "admin")
    drawn = await asyncio.to_thread(_drawn, page.rows, daemon.plan.display)
    now = daemon.clock()
    async with daemon.store.writing() as conn:
        for customer, pictures in zip(page.rows, drawn, strict=True):
            for place, (caption, picture) in enumerate(pictures, 1):
                kind = model.Kind.RELATED if place > 1 else model.Kind.MAIN
                image = model.Image(
                    new_id(),
                    customer.id,
                    kind,
                    place,
                    caption,
                    picture.width,
                    picture.height,
                    len(picture.picture),
                    by,
                    now - timedelta(days=20 - place),
                )
                await queries.add(conn, image, picture)


def _drawn(
    customers: Sequence[Customer], display: Callable[[str], str]
) -> list[list[tuple[str, Picture]]]:
    chance = random.Random(SEED)  # noqa: S311 - the same office each time
    all_ = []
    for place, customer in enumerate(customers):
        phones = customer.details.phones
        number = display(phones[0].number) if phones else ""
        if place % 2 == 0:
            first = ("명함", kept(_card(chance, number, customer.details.email)))
        else:
            first = ("", kept(_face(chance)))
        pictures = [first]
        if place % 3 == 0:
            pictures.append(("매장 앞", kept(_shop(chance))))
            pictures.append(("배송한 상품", kept(_box(chance))))
        all_.append(pictures)
    return all_


def _card(chance: random.Random, number: str, email: str) -> Image.Image:
    """A business card; signs of Pillow's own, which are Latin."""
    card = Image.new("RGB", (900, 540), "#fdfdfb")
    pen, colour = ImageDraw.Draw(card), chance.choice(COLOURS)
    pen.rectangle((0, 0, 900, 18), fill=colour)
    for ring in range(3):
        pen.ellipse((70 + ring * 46, 90, 150 + ring * 46, 170), outline=colour, width=12)
    pen.text((70, 230), "Sales & Service", fill="#22303c", font=ImageFont.load_default(46))
    for line, text in enumerate(text for text in (number, email, "1F, 12 Sample-ro") if text):
        at = (70, 330 + 52 * line)
        pen.text(at, text, fill="#56646f", font=ImageFont.load_default(34))
    return card


def _face(chance: random.Random) -> Image.Image:
    face = Image.new("RGB", (600, 720), chance.choice(("#dfe9f2", "#efe6dc", "#e4efe6")))
    pen = ImageDraw.Draw(face)
    skin, hair = chance.choice(SKIN), chance.choice(HAIR)
    pen.ellipse((90, 540, 510, 980), fill=chance.choice(COLOURS))
    pen.rectangle((255, 450, 345, 580), fill=skin)
    pen.ellipse((160, 110, 440, 430), fill=hair)
    pen.ellipse((180, 160, 420, 500), fill=skin)
    pen.pieslice((165, 120, 435, 380), 180, 360, fill=hair)
    for x in (250, 350):
        pen.ellipse((x - 14, 308, x + 14, 336), fill="#2a2a2a")
    if chance.random() < 0.4:
        for x in (250, 350):
            pen.ellipse((x - 42, 280, x + 42, 364), outline="#333333", width=7)
        pen.line((292, 318, 308, 318), fill="#333333", width=7)
    pen.arc((250, 370, 350, 440), 20, 160, fill="#a0453a", width=8)
    return face


def _shop(chance: random.Random) -> Image.Image:
    shop = Image.new("RGB", (960, 640), "#bcd7ee")
    pen, colour = ImageDraw.Draw(shop), chance.choice(COLOURS)
    pen.rectangle((0, 560, 960, 640), fill="#8d9096")
    pen.rectangle((120, 180, 840, 560), fill="#efe7da")
    pen.rectangle((120, 180, 840, 260), fill=colour)
    for stripe in range(12):
        shade = "#ffffff" if stripe % 2 else colour
        pen.polygon(_slanted(120 + stripe * 60), fill=shade)
    pen.rectangle((180, 350, 480, 520), fill="#9cc3dd", outline="#666666", width=8)
    pen.rectangle((580, 350, 720, 560), fill="#6b4a33")
    return shop


def _slanted(x: int) -> list[tuple[int, int]]:
    return [(x, 260), (x + 60, 260), (x + 60, 320), (x, 320)]


def _box(chance: random.Random) -> Image.Image:
    box = Image.new("RGB", (800, 600), "#d9d2c8")
    pen = ImageDraw.Draw(box)
    pen.polygon([(200, 220), (400, 140), (620, 210), (420, 300)], fill="#d2a873")
    pen.polygon([(200, 220), (420, 300), (420, 520), (200, 430)], fill="#b98a52")
    pen.polygon([(420, 300), (620, 210), (620, 420), (420, 520)], fill="#a0733f")
    pen.polygon([(300, 180), (350, 160), (560, 240), (510, 262)], fill=chance.choice(COLOURS))
    return box
