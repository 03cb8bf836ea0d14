"""What becomes of a sent picture: upright, small, without notes; what is wrong is refused."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import zlib

import pytest
from PIL import Image, ImageDraw

from console.customer_images.drawing import Drawing
from console.customer_images.picture import MOST_BYTES, Picture, UnusableError, prepared

RED, BLUE = (220, 20, 20), (20, 20, 220)
ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825
PLACE = b"37 deg 33 N"
# how a picture that is upright lies in a file with each orientation
LIES = {
    1: (),
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_90,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_270,),
}


def marked(width: int = 400, height: int = 200) -> Image.Image:
    """Blue, with a red corner at the upper left."""
    image = Image.new("RGB", (width, height), BLUE)
    ImageDraw.Draw(image).rectangle((0, 0, width // 4, height // 4), fill=RED)
    return image


def saved(image: Image.Image, format: str, **more: object) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **more)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def near(image: Image.Image, at: tuple[int, int], colour: tuple[int, int, int]) -> bool:
    found = image.convert("RGB").getpixel(at)
    assert isinstance(found, tuple)
    return all(abs(one - other) < 40 for one, other in zip(found, colour, strict=True))


def corner(image: Image.Image) -> str:
    """Where the red one is."""
    right, low = image.width - 8, image.height - 8
    places = {"ul": (8, 8), "ur": (right, 8), "ll": (8, low), "lr": (right, low)}
    return " ".join(name for name, at in places.items() if near(image, at, RED))


def why(data: bytes) -> str:
    with pytest.raises(UnusableError) as refused:
        prepared(data)
    return str(refused.value)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", LIES)
def test_it_is_turned_upright(orientation: int, format: str) -> None:
    lying = marked()
    for turn in LIES[orientation]:
        lying = lying.transpose(turn)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    made = prepared(saved(lying, format, exif=exif))
    assert (made.width, made.height) == (400, 200)
    for data in (made.picture, made.thumb):
        image = opened(data)
        assert image.width == 2 * image.height
        assert corner(image) == "ul"
        assert image.getexif().get(ORIENTATION) is None, "it would be turned twice"


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_no_note_goes_along(format: str) -> None:
    exif = Image.Exif()
    exif[MAKE] = "Camera of somebody"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[29] = "2026:11:21"
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">' + PLACE + b"</x:xmpmeta>"
    more: dict[str, object] = {"exif": exif, "icc_profile": b"a profile of a screen"}
    if format == "JPEG":
        more |= {"comment": PLACE, "xmp": xmp}
    data = saved(marked(), format, **more)
    assert opened(data).getexif().get_ifd(GPS), "there is something to take away"
    made = prepared(data)
    for kept in (made.picture, made.thumb):
        image = opened(kept)
        assert image.format == "JPEG"
        assert dict(image.getexif()) == {}
        assert not {"exif", "icc_profile", "comment", "xmp", "photoshop"} & set(image.info)
        for word in (b"Exif", PLACE, b"Camera", b"profile", b"2026"):
            assert word not in kept


def test_it_is_made_smaller_and_never_larger() -> None:
    made = prepared(saved(marked(4000, 1000), "JPEG"))
    assert (made.width, made.height) == opened(made.picture).size == (1600, 400)
    assert opened(made.thumb).size == (240, 60)
    tiny = prepared(saved(marked(90, 60), "PNG"))
    assert opened(tiny.picture).size == opened(tiny.thumb).size == (90, 60)
    line = prepared(saved(Image.new("RGB", (20_000, 1)), "PNG"))
    assert opened(line.thumb).size == (240, 1)


def test_transparent_becomes_white() -> None:
    glass = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    palette = Image.new("P", (60, 40), 1)
    palette.putpalette([255, 0, 0, 0, 0, 0])
    for data in (
        saved(glass, "PNG"),
        saved(glass.convert("LA"), "PNG"),
        saved(palette, "PNG", transparency=1),
        saved(glass, "WEBP", lossless=True),
    ):
        assert near(opened(prepared(data).picture), (20, 20), (255, 255, 255))


def test_every_kind_of_colour() -> None:
    grey = Image.new("I;16", (60, 40), 0x8000)
    for data in (
        saved(Image.new("1", (60, 40), 1), "PNG"),
        saved(Image.new("L", (60, 40), 255), "JPEG"),
        saved(Image.new("CMYK", (60, 40), (0, 0, 0, 0)), "JPEG"),
        saved(Image.new("P", (60, 40)), "BMP"),
    ):
        assert opened(prepared(data).picture).mode == "RGB"
    assert near(opened(prepared(saved(grey, "PNG")).picture), (20, 20), (128, 128, 128))


def test_of_a_moving_picture_the_first() -> None:
    frames = [Image.new("RGB", (60, 40), colour) for colour in (RED, BLUE)]
    for format in ("GIF", "WEBP", "PNG"):
        data = saved(frames[0], format, save_all=True, append_images=frames[1:], duration=100)
        assert near(opened(prepared(data).picture), (20, 20), RED), format


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, data: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def test_a_bomb_is_refused_by_its_header() -> None:
    assert why(png(60_000, 60_000, zlib.compress(b"\0" * 10_000_000))) == "pixels"
    assert why(png(8000, 5001, b"")) == "pixels"
    assert why(png(8000, 5000, b"")) == "damaged", "40 million pixels are read, were they there"


def test_forty_million_pixels_in_the_other_process() -> None:
    """The most that is taken fits into the memory that it may take."""
    data = saved(Image.new("RGBA", (8000, 5000), (0, 200, 0, 255)), "PNG", compress_level=1)
    assert len(data) < MOST_BYTES
    done = subprocess.run(
        [sys.executable, "-m", "console.customer_images.picture"],
        input=data, capture_output=True, timeout=60, check=True,
    )  # fmt: skip
    head, _, rest = done.stdout.partition(b"\n")
    said = json.loads(head)
    assert (said["width"], said["height"]) == (1600, 1000)
    assert near(opened(rest[said["thumb"] :]), (9, 9), (0, 200, 0))


def test_what_is_no_picture_is_refused() -> None:
    good = saved(marked(), "JPEG")
    assert why(b"This is a text called card.jpg\n") == "kind"
    assert why(b"") == "kind"
    assert why(b"<svg xmlns='http://www.w3.org/2000/svg'/>") == "kind"
    assert why(saved(marked(), "TIFF")) == "kind"
    assert why(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n") == "kind"
    assert why(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic") == "heic"
    assert why(good[: len(good) // 2]) == "damaged"
    assert why(b"\xff" * (MOST_BYTES + 1)) == "big"


async def test_by_the_other_process() -> None:
    drawing = Drawing()
    made = await drawing.prepared(saved(marked(), "JPEG"))
    assert isinstance(made, Picture)
    assert (made.width, made.height) == opened(made.picture).size == (400, 200)
    assert opened(made.thumb).size == (240, 120)
    with pytest.raises(UnusableError, match="kind"):
        await drawing.prepared(b"a text")


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("import sys, time; time.sleep(60)", "slow"),
        ("import os; os.kill(os.getpid(), 9)", "damaged"),
        ("print('half an ans')", "damaged"),
    ],
)
async def test_a_process_that_fails_does_not_fail_us(script: str, reason: str) -> None:
    drawing = Drawing()
    drawing.command, drawing.seconds = (sys.executable, "-c", script), 0.7
    if reason != "slow":
        drawing.seconds = 20
    for _ in range(2):  # and the next one is not kept waiting for ever
        with pytest.raises(UnusableError, match=reason):
            await drawing.prepared(b"x" * 2**20)
