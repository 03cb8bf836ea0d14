"""What the Away button and the settings page send."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from console.desk.forms import CommandId, OptionalKey


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class AwayForm(_Form):
    """Away by this reason; "" back again."""

    reason: OptionalKey = ""
    command_id: CommandId


class WrapUpForm(_Form):
    """End the wrap-up, or take a minute more."""

    do: Literal["end", "extend"]
    command_id: CommandId


class OptionsForm(_Form):
    """The office's settings; 0 switches off."""

    wrap_up_seconds: int = 0
    missed_limit: int = 0


class ReasonForm(_Form):
    """One reason; no minutes: as long as it takes."""

    name: Annotated[str, Field(max_length=200)] = ""
    minutes: int | None = None
    rest: bool = False

    @field_validator("minutes", mode="before")
    @classmethod
    def nothing(cls, value: Any) -> Any:
        """An empty field is no number."""
        return None if isinstance(value, str) and not value.strip() else value
