"""What the extensions' pages send."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from console.desk.options import Corner, Opens
from pbxd.forwarding.model import Forward


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class ExtensionForm(_Form):
    """A person at an extension."""

    name: Annotated[str, Field(max_length=200)] = ""
    extension: Annotated[str, Field(max_length=20)] = ""


class CloseForm(_Form):
    """The ticked ones leave."""

    id: list[str] = []


class PhoneForm(_Form):
    """My name and my forwarding."""

    name: Annotated[str, Field(max_length=200)] = ""
    always: Annotated[str, Field(max_length=64)] = ""
    busy: Annotated[str, Field(max_length=64)] = ""
    noanswer: Annotated[str, Field(max_length=64)] = ""
    offline: Annotated[str, Field(max_length=64)] = ""
    shows: Annotated[str, Field(max_length=32)] = ""

    def targets(self) -> dict[Forward, str]:
        """What was typed for each kind."""
        return {kind: getattr(self, kind.value) for kind in Forward}


class PopForm(_Form):
    """How screen pops behave on my screen."""

    corner: Corner = Corner.BOTTOM_RIGHT
    opens: Opens = Opens.NEVER
    notify: bool = False
