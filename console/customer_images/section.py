"""The customer page's part: the main picture and the album."""

from __future__ import annotations

from dataclasses import dataclass

from console.customer_images.model import MENU, Image
from console.customer_images.rules import MOST
from console.customers.model import Customer
from console.customers.rights import may
from console.customers.tabs import Count, Tab
from console.web.context import Context
from console.web.i18n import msgid
from console.web.permissions import Action


@dataclass(frozen=True, slots=True)
class Album:
    """A customer's pictures as the page shows them."""

    images: tuple[Image, ...]
    full: bool
    may_edit: bool
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
    customer: Customer,
    wrong: tuple[str, ...] = (),
    open: str = "",
    caption: str | None = None,
    was: str | None = None,
    deleted: str = "",
) -> Album:
    """Of one customer."""
    images = await context.services.images.album(customer.id)
    may_edit = may(context, customer, Action.EDIT)
    return Album(images, len(images) >= MOST, may_edit, wrong, open, caption, was, deleted)


async def pane(context: Context, customer: Customer) -> str:
    """Tab of the customer's page: the album."""
    album = await section(context, customer)
    return context.html("customer_images/album.html", album=album, customer=customer)


async def count(context: Context, customer: Customer) -> Count:
    """All of them."""
    return Count(len(await context.services.images.album(customer.id)))


tab = Tab("images", msgid("Pictures"), 80, MENU, pane, count)
