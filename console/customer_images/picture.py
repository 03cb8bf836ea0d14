"""Makes a sent picture ours, in a process of its own: `python -m console.customer_images.picture`.

A file from outside may be damaged or made to do harm; here it can neither stop the telephones nor
take their memory. The file comes in on the standard input; out goes one line of JSON,
{"width": …, "height": …, "thumb": bytes} and then the thumbnail and the picture, or {"error": id}.
"""

from __future__ import annotations

import io
import json
import os
import resource
import sys
import warnings
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

MEMORY = 1_200 * 2**20  # bytes of address space
SECONDS = 20  # of computing
MOST_BYTES = 15 * 2**20
MOST_PIXELS = 40_000_000
LONGEST, THUMB = 1600, 240  # pixels of the longest side
QUALITY, THUMB_QUALITY = 85, 80
FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "GIF", "BMP", "DIB", "AVIF", "HEIF")
_HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class UnusableError(Exception):
    """Its text is the id of the reason."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept: two JPEG files, and the size of the large one in pixels."""

    width: int
    height: int
    picture: bytes
    thumb: bytes


def main() -> None:
    """One file in, one answer out."""
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        made = prepared(sys.stdin.buffer.read(MOST_BYTES + 1))
    except UnusableError as problem:
        _out({"error": str(problem)})
        return
    except MemoryError:
        _out({"error": "pixels"})
        return
    _out({"width": made.width, "height": made.height, "thumb": len(made.thumb)})
    sys.stdout.buffer.write(made.thumb + made.picture)


def prepared(data: bytes) -> Picture:
    """Upright, small enough, and nothing in it but the picture. Raises UnusableError."""
    if len(data) > MOST_BYTES:
        raise UnusableError("big")
    Image.init()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    known = [name for name in FORMATS if name in Image.OPEN]
    try:
        with warnings.catch_warnings():
            # said by the header, before anything is decoded
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=known) as image:
                return kept(_upright(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UnusableError("pixels") from None
    except UnidentifiedImageError:
        raise UnusableError("heic" if _is_heic(data) else "kind") from None
    except (UnusableError, MemoryError):
        raise
    except Exception as problem:  # whatever a decoder says of such a file
        raise UnusableError("damaged") from problem


def kept(image: Image.Image) -> Picture:
    """A picture of ours as its two files."""
    large = _on_white(image, LONGEST)
    small = large.copy()
    small.thumbnail((THUMB, THUMB), Image.Resampling.LANCZOS)
    return Picture(*large.size, _jpeg(large, QUALITY), _jpeg(small, THUMB_QUALITY))


def _upright(image: Image.Image) -> Image.Image:
    """As it was seen through the camera; of a moving picture the first."""
    image.draft("RGB", (LONGEST, LONGEST))  # a JPEG is decoded no larger than needed
    image.load()
    turn = _TURNS.get(_orientation(image))
    small = _plain(image)
    small.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return small if turn is None else small.transpose(turn)


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # a damaged note in a good picture
        return 1


def _plain(image: Image.Image) -> Image.Image:
    """In a mode that can be made smaller well."""
    if image.mode.startswith(("I", "F")):  # 16 bits of grey
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if "transparency" in image.info or image.mode in ("LA", "PA", "La", "RGBa"):
        return image.convert("RGBA")
    return image if image.mode in ("RGB", "RGBA", "L") else image.convert("RGB")


def _on_white(image: Image.Image, longest: int) -> Image.Image:
    """A new one, so that no note of the old one (place, camera, comment) goes along."""
    image = image.copy()
    image.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    clean = Image.new("RGB", image.size, "white")
    clean.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    return clean


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _is_heic(data: bytes) -> bool:
    return data[4:8] == b"ftyp" and data[8:12] in _HEIC


def _out(message: dict[str, object]) -> None:
    sys.stdout.buffer.write(json.dumps(message).encode() + b"\n")


if __name__ == "__main__":
    main()
