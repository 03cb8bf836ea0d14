"""What is done to a picture."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class CaptionForm(_Form):
    """What stands under it; `was`: what stood there when the page was drawn."""

    caption: Annotated[str, Field(max_length=1000)] = ""
    was: Annotated[str, Field(max_length=1000)] = ""


class MainForm(_Form):
    """Is it the one beside the facts?"""

    main: bool = True


class MoveForm(_Form):
    """One place later or earlier."""

    places: Literal["1", "-1"]
