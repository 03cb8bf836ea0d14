"""How many pictures, what stands under one, in which order. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from pbxd.errors import Conflict, InvalidInput


def _(text: str) -> str:
    """Marks a text for the catalogues."""
    return text


MOST = 50  # of one customer
LONGEST_CAPTION = 200
MOST_AT_ONCE = 20  # of one upload

# Why a file cannot be used: the id from the other process, and its sentence.
REASONS: dict[str, str] = {
    "kind": _("“{name}” is no picture that can be read here (JPEG, PNG, WebP, GIF, BMP)."),
    "heic": _("“{name}” is a HEIC picture, which cannot be read here. Send it as JPEG."),
    "big": _("“{name}” is larger than 15 MB."),
    "empty": _("“{name}” is empty."),
    "pixels": _("“{name}” has more than 40 million pixels."),
    "damaged": _("“{name}” is damaged."),
    "slow": _("“{name}” took too long to read."),
}


def unusable(reason: str, name: str) -> InvalidInput:
    """Why this file is not taken."""
    said = reason if reason in REASONS else "damaged"
    return InvalidInput(f"image-{said}", REASONS[said], field="images", name=name)


def check_room(there: int) -> None:
    """Is there room for one more? Raises Conflict."""
    if there >= MOST:
        raise Conflict("image-room", "A customer has at most {most} pictures.", most=MOST)


def too_many() -> InvalidInput:
    """More were sent than one upload may have."""
    return InvalidInput(
        "image-many",
        "At most {most} pictures at once; send the rest after them.",
        field="images",
        most=MOST_AT_ONCE,
    )


def caption(typed: str) -> str:
    """As it is kept. Raises InvalidInput."""
    plain = " ".join(typed.split())
    if len(plain) > LONGEST_CAPTION:
        raise InvalidInput(
            "field-long", "Enter at most {most} characters.", field="caption", most=LONGEST_CAPTION
        )
    return plain


def moved(order: Sequence[str], id: str, by: int) -> tuple[str, ...]:
    """The ids, with one of them so many places later (negative: earlier), at most at an end."""
    rest = [one for one in order if one != id]
    if len(rest) == len(order):
        return tuple(order)
    place = min(max(order.index(id) + by, 0), len(rest))
    return (*rest[:place], id, *rest[place:])
