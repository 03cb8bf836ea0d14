"""What the scheduled calls' form sends."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from console.desk.forms import OptionalKey
from console.web.days import moment
from pbxd.errors import InvalidInput
from pbxd.scheduled.model import Preset
from pbxd.scheduled.rules import preset_time


class ScheduleQuery(BaseModel):
    """What the form begins with."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    number: Annotated[str, Field(max_length=64)] = ""
    customer: OptionalKey = ""


class ScheduleForm(BaseModel):
    """A number and a time: a preset, or the office's clock as 2026-11-21T18:10."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    number: Annotated[str, Field(max_length=64)] = ""
    due: Annotated[str, Field(max_length=30)] = ""
    preset: Annotated[str, Field(max_length=20)] = ""
    note: Annotated[str, Field(max_length=2000)] = ""
    customer: OptionalKey = ""
    version: int = 1

    def moment(self, now: datetime, zone: ZoneInfo) -> datetime:
        """When, UTC. Raises InvalidInput."""
        if self.preset in set(Preset):
            return preset_time(Preset(self.preset), now, zone)
        try:
            return moment(self.due, zone)
        except ValueError:
            raise InvalidInput(
                "due-form", "Choose a day and a time, or one of the buttons.", field="due"
            ) from None


class VersionForm(BaseModel):
    """Cancel, or take the cancellation back."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    version: int = 1
