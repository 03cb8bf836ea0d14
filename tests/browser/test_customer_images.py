"""A customer's pictures, as agents and guests work with them."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.async_api import Page, expect

from console.customers.model import Details, Phone
from console.web.permissions import Action, Scope
from tests.browser.conftest import PASSWORD, SampleConsole, redrawn
from tests.browser.test_console_pictures import ARTEFACTS, fits
from tests.browser.test_users import posted

EN = "en-GB"
ALBUM, ITEMS = "#customer-images", "[data-image-item]"
CHOOSE, TAKE = 'input[name="images"][multiple]', 'input[name="images"][capture]'


def picture(colour: str, format: str = "JPEG", turned: bool = False) -> bytes:
    image = Image.new("RGB", (640, 320), colour)
    ImageDraw.Draw(image).rectangle((0, 0, 160, 80), fill="white")
    exif = Image.Exif()
    if turned:  # as a telephone held upright writes it
        image = image.transpose(Image.Transpose.ROTATE_90)
        exif[0x0112] = 6
    out = io.BytesIO()
    image.save(out, format, exif=exif)
    return out.getvalue()


def file(folder: Path, name: str, data: bytes) -> Path:
    made = folder / name
    made.write_bytes(data)
    return made


async def a_customer(sample: SampleConsole, name: str) -> str:
    customers = sample.now.console.services.customers
    details = Details(name, phones=(Phone("010-7000-2000"),))
    return (await customers.create(details, "")).id


async def at(sample: SampleConsole, id: str, login: str = "101") -> Page:
    page = await sample.logged_in(login, EN)
    await page.goto(f"{sample.address}/customers/{id}?tab=images")
    await page.wait_for_selector('body[data-live="up"]')
    return page


async def send(page: Page, *files: Path, by: str = CHOOSE) -> None:
    async with redrawn(page, ALBUM), page.expect_response("**/images") as answer:
        await page.locator(by).set_input_files(files)
    assert (await answer.value).status == 200


async def press(page: Page, item: int, name: str) -> None:
    """A button of one picture's menu, and what comes of it."""
    one = page.locator(ITEMS).nth(item)
    menu = one.locator(".image-menu")
    if await menu.get_attribute("open") is None:
        await menu.locator("summary").click()
    async with redrawn(page, ALBUM), page.expect_response("**/images/**") as answer:
        await one.get_by_role("button", name=name, exact=True).click()
    assert (await answer.value).status == 200


async def order(page: Page) -> list[str]:
    return [
        await one.get_attribute("data-image-item") or "" for one in await page.locator(ITEMS).all()
    ]


async def test_sent_shown_and_served(sample: SampleConsole, tmp_path: Path) -> None:
    id = await a_customer(sample, "사진 고객")
    page = await at(sample, id)
    await expect(page.locator("#customer-images")).to_contain_text("No pictures yet.")
    await expect(page.locator("#customer-image img")).to_have_count(0)
    await page.click("#tab-consultations")
    await page.fill("#consultation-text", "half a sentence")
    await page.click("#tab-images")
    await send(page, file(tmp_path, "card.jpg", picture("red", turned=True)))
    await expect(page.locator(ITEMS)).to_have_count(1)
    main = page.locator("#customer-image img")
    await expect(main).to_be_visible()
    natural = await main.evaluate(
        "async (i) => (await i.decode(), [i.naturalWidth, i.naturalHeight])"
    )
    assert natural == [240, 120], "upright"
    assert (await main.bounding_box() or {})["width"] >= 159
    await expect(page.locator("#consultation-text")).to_have_value("half a sentence")

    # several at once, one of which is none: the right ones are kept
    await send(
        page,
        file(tmp_path, "second.png", picture("green", "PNG")),
        file(tmp_path, "letter.jpg", b"Dear Sir or Madam"),
        file(tmp_path, "third.webp", picture("blue", "WEBP")),
    )
    await expect(page.locator(ITEMS)).to_have_count(3)
    await expect(page.locator(".images-wrong li")).to_have_text(
        ["“letter.jpg” is no picture that can be read here (JPEG, PNG, WebP, GIF, BMP)."]
    )
    await expect(page.locator("#consultation-text")).to_have_value("half a sentence")

    address = await page.locator("#customer-image a").get_attribute("href")
    for path in (address, f"{address}/thumb"):
        answer = await page.request.get(f"{sample.address}{path}")
        assert answer.status == 200
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"].startswith("private")
        assert (await answer.body()).startswith(b"\xff\xd8\xff")


async def test_too_large_and_too_many(sample: SampleConsole, tmp_path: Path) -> None:
    id = await a_customer(sample, "큰 사진")
    page = await at(sample, id)
    big = file(tmp_path, "big.jpg", b"\xff\xd8" + bytes(15 * 2**20))
    await send(page, big, file(tmp_path, "good.jpg", picture("red")))
    await expect(page.locator(".images-wrong")).to_have_text("“big.jpg” is larger than 15 MB.")
    await expect(page.locator(ITEMS)).to_have_count(1)
    many = [file(tmp_path, f"{n}.txt", b"no picture") for n in range(21)]
    await send(page, *many)
    wrong = page.locator(".images-wrong li")
    await expect(wrong).to_have_count(21)
    await expect(wrong.last).to_contain_text("At most 20 pictures at once")
    await expect(page.locator(ITEMS)).to_have_count(1)


async def test_main_order_caption_deleted_and_taken_back(
    sample: SampleConsole, tmp_path: Path
) -> None:
    id = await a_customer(sample, "앨범 고객")
    page = await at(sample, id)
    colours = ("red", "green", "blue")
    await send(page, *[file(tmp_path, f"{one}.jpg", picture(one)) for one in colours])
    red, green, blue = await order(page)
    await press(page, 2, "Make it the main picture")
    await expect(page.locator("#customer-image a")).to_have_attribute("data-image", blue)
    assert await order(page) == [blue, red, green]
    await press(page, 2, "Earlier")
    assert await order(page) == [blue, green, red]
    await press(page, 1, "Later")
    assert await order(page) == [blue, red, green]
    await press(page, 0, "No longer the main picture")
    await expect(page.locator("#customer-image img")).to_have_count(0)

    item = page.locator(f'[data-image-item="{green}"]')
    await item.locator("summary").click()
    await item.get_by_label("Caption").fill("Front <b>of</b> the shop")
    async with redrawn(page, ALBUM):
        await page.keyboard.press("Enter")
    await expect(item.locator(".image-caption")).to_have_text("Front <b>of</b> the shop")

    where = (await order(page)).index(green)
    path = f"/customers/{id}/images/{green}"
    await press(page, where, "Delete")
    await expect(page.locator(ITEMS)).to_have_count(2)
    assert (await page.request.get(f"{sample.address}{path}")).status == 404
    await page.get_by_role("button", name="Undo").click()
    await expect(page.locator(ITEMS)).to_have_count(3)
    await expect(item.locator(".image-caption")).to_have_text("Front <b>of</b> the shop")
    assert (await page.request.get(f"{sample.address}{path}")).status == 200
    await page.reload()
    assert sorted(await order(page)) == sorted([red, green, blue])


async def test_two_who_write_under_one(sample: SampleConsole, tmp_path: Path) -> None:
    id = await a_customer(sample, "두 글")
    one = await at(sample, id)
    await send(one, file(tmp_path, "red.jpg", picture("red")))
    two = await at(sample, id, "102")
    for page, text in ((one, "Mine"), (two, "Theirs")):
        await page.locator(".image-menu summary").click()
        await page.get_by_label("Caption").fill(text)
        await press(page, 0, "Save")
    await expect(two.locator(".images .field-error")).to_contain_text("“Mine”")
    await expect(two.get_by_label("Caption")).to_have_value("Theirs")
    await press(two, 0, "Save")
    await expect(two.locator(".image-caption")).to_have_text("Theirs")


async def test_in_full_size_by_keys_and_taken_along(sample: SampleConsole, tmp_path: Path) -> None:
    id = await a_customer(sample, "큰 화면")
    page = await at(sample, id)
    colours = ("red", "green", "blue")
    await send(page, *[file(tmp_path, f"{one}.jpg", picture(one)) for one in colours])
    await expect(page.locator(ITEMS)).to_have_count(3)
    ids = await order(page)
    viewer = page.get_by_role("dialog", name="Pictures")
    shown = viewer.locator("img")

    async def shows(place: int) -> None:
        await expect(shown).to_have_attribute("src", f"{sample.address}{link(ids[place])}")
        await expect(viewer).to_contain_text(f"{place + 1} / 3")

    def link(image: str) -> str:
        return f"/customers/{id}/images/{image}"

    await page.locator("#customer-image a").click()
    await shows(0)
    size = await shown.evaluate("async (i) => (await i.decode(), i.naturalWidth)")
    assert size == 640
    for key, place in (
        ("ArrowRight", 1), ("ArrowRight", 2), ("ArrowRight", 2), ("ArrowLeft", 1),
        ("End", 2), ("Home", 0), ("ArrowLeft", 0),
    ):  # fmt: skip
        await page.keyboard.press(key)
        await shows(place)
    await viewer.get_by_role("button", name="Next").click()
    await shows(1)
    async with page.expect_download() as waiting:
        await viewer.get_by_role("link", name="Download").click()
    download = await waiting.value
    assert download.suggested_filename == "큰 화면 2.jpg"
    kept = Image.open(await download.path())
    assert (kept.format, kept.size) == ("JPEG", (640, 320))
    await page.keyboard.press("Escape")
    await expect(viewer).to_be_hidden()
    assert page.url.endswith(f"{id}?tab=images"), "it did not lead away"


async def test_on_a_phone_with_its_camera(sample: SampleConsole, tmp_path: Path) -> None:
    id = await a_customer(sample, "휴대폰")
    context = await sample.browser.new_context(
        locale=EN, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True,
        color_scheme="dark",
    )  # fmt: skip
    page = await context.new_page()
    await page.goto(f"{sample.address}/login")
    await page.fill("#f-login", "103")
    await page.fill("#f-password", PASSWORD)
    await page.click('button[type="submit"]')
    await page.wait_for_selector('body[data-live="up"]')
    await page.goto(f"{sample.address}/customers/{id}?tab=images")
    camera = page.locator(TAKE)
    await expect(camera).to_have_attribute("accept", "image/*")
    await expect(camera).to_have_attribute("capture", "environment")
    await expect(page.get_by_text("Take a picture")).to_be_visible()
    await send(page, file(tmp_path, "image.jpg", picture("red", turned=True)), by=TAKE)
    await expect(page.locator(ITEMS)).to_have_count(1)
    await send(page, file(tmp_path, "other.jpg", picture("green")))
    await page.locator(".image-menu summary").last.click()
    await fits(page)
    await page.locator("#customer-images").evaluate("title => title.scrollIntoView()")
    ARTEFACTS.mkdir(exist_ok=True)
    await page.screenshot(path=ARTEFACTS / "customer-images-phone.png")
    await expect(page.get_by_text("Take a picture")).to_be_visible()
    await page.locator(".image-thumb").first.tap()
    await expect(page.locator("[data-image-viewer]")).to_be_visible()
    await fits(page)
    await page.screenshot(path=ARTEFACTS / "customer-images-viewer-phone.png")
    await context.close()


async def test_on_a_desk_of_the_sample_office(sample: SampleConsole) -> None:
    customers = sample.now.console.services.customers
    first = (await customers.page(size=1)).rows[0]
    page = await at(sample, first.id)
    await expect(page.locator("#customer-image img")).to_be_visible()
    await expect(page.locator(ITEMS)).to_have_count(3)
    await expect(page.get_by_text("Take a picture")).to_be_hidden()
    await fits(page)
    ARTEFACTS.mkdir(exist_ok=True)
    await page.screenshot(path=ARTEFACTS / "customer-images-wide.png", full_page=True)
    await page.locator("#customer-image a").click()
    await expect(page.locator("[data-image-viewer]")).to_be_visible()
    await page.screenshot(path=ARTEFACTS / "customer-images-viewer-wide.png")


async def test_without_the_right(sample: SampleConsole, tmp_path: Path) -> None:
    users = sample.now.console.services.users
    visitor = next(one for one in users.all() if one.login == "guest")
    await users.set_grants(visitor.id, {("customers", Action.VIEW): Scope.ALL})
    id = await a_customer(sample, "닫힌 앨범")
    agent = await at(sample, id)
    await send(agent, file(tmp_path, "red.jpg", picture("red")))
    (image,) = await order(agent)
    path = f"/customers/{id}/images/{image}"

    # a guest sees, and changes nothing
    guest = await at(sample, id, "guest")
    await expect(guest.locator(ITEMS)).to_have_count(1)
    await expect(guest.locator("#customer-images :is(form, details, input)")).to_have_count(0)
    assert (await guest.request.get(f"{sample.address}{path}")).status == 200
    changes = ("/main", "/caption", "/move", "/delete", "/restore")
    for where in (f"/customers/{id}/images", *(path + one for one in changes)):
        assert await posted(guest, sample, where) == 403
    assert await order(agent) == [image]

    # somebody who is not logged in sees nothing, and other addresses lead nowhere
    stranger = await sample.page(EN)
    for where in (path, f"{path}/thumb"):
        answer = await stranger.request.get(f"{sample.address}{where}", max_redirects=0)
        assert answer.status == 303
    other = await a_customer(sample, "다른 고객")
    answer = await agent.request.get(f"{sample.address}/customers/{other}/images/{image}")
    assert answer.status == 404
