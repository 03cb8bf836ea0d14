"""The customer page's part: the main picture and the album."""

from __future__ import annotations

from dataclasses import dataclass

from console.customer_images.model import Image
from console.customer_images.rules import MOST
from console.web.context import Context


@dataclass(frozen=True, slots=True)
class Album:
    """A customer's pictures as the page shows them."""

    images: tuple[Image, ...]
    full: bool
    wrong: tuple[str, ...] = ()  # what was wrong with what was sent
    open: str = ""  # the picture that is being worked on
    caption: str | None = None  # typed under that one and not saved
    was: str | None = None  # what somebody else wrote there
    deleted: str = ""  # the picture that was just deleted

    @property
    def main(self) -> Image | None:
        """The one beside the facts."""
        return next((image for image in self.images if image.main), None)


async def section(
    context: Context,
    customer_id: str,
    wrong: tuple[str, ...] = (),
    open: str = "",
    caption: str | None = None,
    was: str | None = None,
    deleted: str = "",
) -> Album:
    """Of one customer."""
    images = await context.services.images.album(customer_id)
    return Album(images, len(images) >= MOST, wrong, open, caption, was, deleted)
