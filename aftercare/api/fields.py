"""Types of the API's fields. Each is bounded, so that no input can reach the database and fail there."""

import datetime as dt
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

MAX_ID = 2**63 - 1


def _without_nul(text: str) -> str:
    # PostgreSQL cannot store it, and nobody types it.
    if "\x00" in text:
        raise PydanticCustomError("nul_character", "contains a NUL character")
    return text


def _in_utc(at: dt.datetime) -> dt.datetime:
    if not 1900 <= at.year <= 2200:
        raise PydanticCustomError("instant_out_of_range", "must lie between the years 1900 and 2200")
    return at.astimezone(dt.UTC)


def _in_range(day: dt.date) -> dt.date:
    if not 1900 <= day.year <= 2200:
        raise PydanticCustomError("day_out_of_range", "must lie between the years 1900 and 2200")
    return day


Plain = Annotated[str, AfterValidator(_without_nul)]
Number = Annotated[Plain, Field(min_length=1, max_length=60)]
Name = Annotated[Plain, Field(max_length=160)]
Text = Annotated[Plain, Field(max_length=500)]
LongText = Annotated[Plain, Field(max_length=5000)]
RegionCode = Annotated[str, Field(pattern=r"^\d{6}[0-9A-Za-z-]{0,6}$", description="Code of a region.", examples=["310104"])]
PhoneText = Annotated[Plain, Field(max_length=30)]
Sought = Annotated[Plain, Field(max_length=80)]
Id = Annotated[int, Field(ge=1, le=MAX_ID)]
Small = Annotated[int, Field(ge=0, le=32767)]
Minutes = Annotated[int, Field(ge=0, le=32767)]
Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Day = Annotated[dt.date, AfterValidator(_in_range)]
Amount = Annotated[Decimal, Field(max_digits=14, decimal_places=2, ge=0, examples=["120.00"])]
SignedAmount = Annotated[Decimal, Field(max_digits=14, decimal_places=2, examples=["-20.00"])]
Qty = Annotated[Decimal, Field(max_digits=12, decimal_places=3, gt=0, examples=["1.000"])]
SignedQty = Annotated[Decimal, Field(max_digits=12, decimal_places=3, examples=["-1.000"])]
Percent = Annotated[Decimal, Field(max_digits=6, decimal_places=3, ge=0, le=100)]


class Strict(BaseModel):
    """A part of a request; keys that are not declared are refused."""

    model_config = ConfigDict(extra="forbid", defer_build=True)


class Write(Strict):
    """Body of every write. `at` says when it really happened; only callers with `journal.backdate` may give it."""

    at: Instant | None = Field(
        None,
        description="When it happened (RFC 3339), for imports and offline replay. "
        "Needs the permission `journal.backdate`; default: now; the future is refused.",
    )


class Reason(Write):
    """A write that asks for a reason."""

    reason: Annotated[Plain, Field(min_length=1, max_length=200)]
