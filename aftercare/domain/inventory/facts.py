"""What happened to stock."""

from dataclasses import dataclass


@dataclass(frozen=True)
class GoodsArrived:
    """Usable parts came to a place, so that waiting documents may be served."""

    place_id: int
    branch_id: int
    part_ids: tuple[int, ...]


@dataclass(frozen=True)
class StockCounted:
    """A count at a place changed what the books say."""

    place_id: int
    part_ids: tuple[int, ...]


@dataclass(frozen=True)
class GoodsMoved:
    """A keeper moved goods between places by hand."""

    from_place_id: int
    to_place_id: int
    part_ids: tuple[int, ...]


@dataclass(frozen=True)
class MovesReversed:
    """Bookings were taken back."""

    move_ids: tuple[int, ...]


@dataclass(frozen=True)
class HomeSet:
    """A bin became the home of a part."""

    bin_id: int
    part_id: int


@dataclass(frozen=True)
class LotDated:
    """The day a lot expires was corrected."""

    lot_id: int


@dataclass(frozen=True)
class PeriodClosed:
    """Moves on or before a day are refused from now on; without a branch for the whole company."""

    branch_id: int | None
    closed_to: str


@dataclass(frozen=True)
class DocumentPosted:
    """A stock document was booked."""

    document_id: int
    kind: str
    value_amount: str
    booked_on: str


@dataclass(frozen=True)
class DocumentReversed:
    """A posted stock document was taken back."""

    document_id: int


@dataclass(frozen=True)
class PartRequested:
    """A document lacks parts."""

    request_id: int
    part_id: int
    source_kind: str
    source_id: int


@dataclass(frozen=True)
class PartRequestFilled:
    """What a document lacked has come."""

    request_id: int
    part_id: int
    source_kind: str
    source_id: int


@dataclass(frozen=True)
class PartRequestCancelled:
    """A part request is no longer needed."""

    request_id: int


@dataclass(frozen=True)
class StocktakePlanned:
    """What shall be counted was drawn up; how many lines."""

    stocktake_id: int
    lines: int


@dataclass(frozen=True)
class LinesCounted:
    """Somebody counted some lines of a stocktake; how many, and in which round."""

    stocktake_id: int
    round: int
    lines: int


@dataclass(frozen=True)
class RoundClosed:
    """A round of counting is over; so many lines must be counted again by somebody else."""

    stocktake_id: int
    round: int
    again: int


@dataclass(frozen=True)
class StocktakeSettled:
    """The differences of a stocktake were booked."""

    stocktake_id: int
    booked_on: str
    lines: int


@dataclass(frozen=True)
class StocktakeReversed:
    """The bookings of a stocktake were taken back."""

    stocktake_id: int


@dataclass(frozen=True)
class PartsClassified:
    """The parts of a branch were put into classes by what was used of them in the twelve months before."""

    branch_id: int
    month: str
    parts: int
