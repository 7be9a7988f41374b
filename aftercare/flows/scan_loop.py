"""The loop of a keeper with a scanner: place, part, quantity, again; a wrong scan is refused and changes nothing.

Pure: what is wanted comes in as a `Job`, what was scanned so far as a `State`, and a step gives the next state or refuses.
Nothing is booked before the keeper finishes; `scan_jobs` books through the flows that the pages use.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aftercare.foundation.quantity import shown
from aftercare.foundation.refusals import NotFound, RuleBroken

ZERO = Decimal(0)
UNDO, DONE = "CMD-UNDO", "CMD-DONE"
# One key each for who types: minus takes the last scan back, a full stop finishes.
SHORT = {"-": UNDO, ".": DONE}
ARTICLES = frozenset({"catalog.part", "inventory.serial", "inventory.lot"})
# Up to four digits are a quantity, or any number behind a star; article codes are longer.
_QTY = re.compile(r"(?:\*\d{1,7}|\d{1,4})(?:\.\d{1,3})?")
# What a number new to the house may be found as: not at all, or as a customer's unit.
_UNKNOWN = frozenset({"", "assets.asset"})


@dataclass(frozen=True)
class Spot:
    """A place of the job; goods in a bin are taken only after the bin's own code was scanned."""

    id: int
    code: str
    name: str
    is_bin: bool


@dataclass(frozen=True)
class Want:
    """One line of the document: what is to be scanned, how much, from which spots (place id → quantity there)."""

    key: str
    part_id: int
    code: str
    name: str
    qty: Decimal
    unit: str = ""
    # That lot or serial number and no other.
    lot: str = ""
    # Where none is fixed: the numbers that lie there, when that is known.
    lots: frozenset[str] = frozenset()
    is_serial: bool = False
    is_lot: bool = False
    spots: Mapping[int, Decimal] = field(default_factory=dict)
    # More than wanted is kept up to here (tolerance of an order); None: nothing more.
    most: Decimal | None = None
    hint: str = ""


@dataclass(frozen=True)
class Job:
    """What is to be done with a document. `way`: goods are taken from the place scanned, put there, or neither."""

    name: str
    number: str
    title: str
    address: str
    wants: tuple[Want, ...]
    spots: Mapping[int, Spot] = field(default_factory=dict)
    way: str = ""
    needs_place: bool = False
    # Lots and serial numbers are new to the house: what is scanned after the part is its number.
    is_arrival: bool = False
    # How an end before all is scanned is taken: "line" (whole lines only), "confirm", "free".
    short: str = "free"

    def want(self, key: str) -> Want | None:
        """The line of that key."""
        return next((one for one in self.wants if one.key == key), None)


@dataclass(frozen=True)
class Pick:
    """One scan: which line, how much of it (`per` base units a scan), from or to where. Without a line it is a wrong part."""

    want: str
    part_id: int
    qty: Decimal
    lot: str = ""
    place: int | None = None
    per: Decimal = Decimal(1)
    # The last day of the lot, as the maker's code told it.
    expires: str = ""


@dataclass(frozen=True)
class State:
    """What was scanned so far. `part` waits for its lot or serial number; `excess` and `wrong` keep what was not ordered."""

    picks: tuple[Pick, ...] = ()
    place: int | None = None
    part: int | None = None
    excess: bool = False
    wrong: bool = False

    def told(self) -> dict[str, Any]:
        """As plain values, for a page to carry."""
        return asdict(self) | {"picks": [asdict(one) | {"qty": f"{one.qty}", "per": f"{one.per}"} for one in self.picks]}

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> State:
        """From plain values; refuses what is no state (`bad_state`)."""
        try:
            picks = tuple(
                Pick(str(one["want"])[:80], int(one["part_id"]), _number(one["qty"]), str(one.get("lot") or "")[:60],
                     int(one["place"]) if one.get("place") else None, _number(one.get("per") or "1"), _day(one.get("expires")))
                for one in told.get("picks", ())
            )
            place, part = (int(told[name]) if told.get(name) else None for name in ("place", "part"))
            return cls(picks, place, part, bool(told.get("excess")), bool(told.get("wrong")))
        except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
            raise RuleBroken(_("扫描记录已损坏，请重新开始"), code="bad_state") from None


def _number(text: Any) -> Decimal:
    number = Decimal(str(text))
    if not number.is_finite() or number < 0 or number != number.quantize(Decimal("0.001")):
        raise ValueError(text)
    return number


def _day(text: Any) -> str:
    return dt.date.fromisoformat(str(text)).isoformat() if text else ""


@dataclass(frozen=True)
class Said:
    """What the keeper hears of a good scan; `tone` is ok, ask (one more scan is needed) or done (finish now)."""

    text: str
    tone: str = "ok"


def picked(state: State, want: Want, place: int | None = None) -> Decimal:
    """How much of a line was scanned (at that place)."""
    return sum((p.qty for p in state.picks if p.want == want.key and place in (None, p.place)), ZERO)


def step(job: Job, state: State, text: str, find: Callable[[str], Any]) -> tuple[State, Said]:
    """The state after one scan or typed text, and what to say; a refusal is a wrong scan."""
    text = text.strip()
    text = SHORT.get(text, text)
    if not text:
        raise RuleBroken(_("没有读到条码"), code="nothing_scanned")
    if text.upper() == UNDO:
        return undo(job, state)
    if text.upper() == DONE:
        return state, Said(_("提交中"), "done")
    if _QTY.fullmatch(text) and state.picks and state.part is None:
        return set_qty(job, state, Decimal(text.removeprefix("*")))
    exact = [want for want in job.wants if want.lot and want.lot.casefold() == text.casefold()]
    if exact:
        return _pick(job, state, exact, Decimal(1), exact[0].lot)
    try:
        found = find(text)
    except NotFound:
        found = None
        if state.part is None or not job.is_arrival:
            raise
    kind = found.kind if found else ""
    if state.part is not None and job.is_arrival and kind in _UNKNOWN:
        wants = [want for want in job.wants if want.part_id == state.part]
        return _pick(job, state, wants, Decimal(1), text[:60])
    if kind == "inventory.place":
        return _go(job, state, found)
    if kind in ARTICLES:
        return _article(job, state, found)
    if found.number == job.number:
        return state, Said(_("就是当前单据，继续扫"), "ask")
    raise RuleBroken(_("「%(code)s」是%(name)s，不属于这一步") % {"code": found.number, "name": found.name}, code="not_for_this_job")


def undo(job: Job, state: State) -> tuple[State, Said]:
    """Without the last scan of goods."""
    if state.part is not None:
        return replace(state, part=None), Said(_("已撤销，请继续"))
    if not state.picks:
        raise RuleBroken(_("没有可撤销的扫描"), code="nothing_to_undo")
    last = state.picks[-1]
    return replace(state, picks=state.picks[:-1]), Said(_("已撤销 %(part)s ×%(qty)s") % {"part": _name(job, last), "qty": shown(last.qty)})


def set_qty(job: Job, state: State, count: Decimal) -> tuple[State, Said]:
    """The last scan stands for that many (of its pack); zero takes it back."""
    last = state.picks[-1]
    want = job.want(last.want)
    if not count:
        return undo(job, state)
    if want is not None and want.is_serial:
        raise RuleBroken(_("序列号只能逐个扫，数量不能改"), code="serial_is_single")
    before = replace(state, picks=state.picks[:-1])
    made = replace(last, qty=count * last.per)
    if want is not None:
        _require_room(job, before, want, made)
    return replace(before, picks=(*before.picks, made)), Said(_tell(job, replace(before, picks=(*before.picks, made)), made))


def _go(job: Job, state: State, found: Any) -> tuple[State, Said]:
    if not job.way:
        raise RuleBroken(_("这一步不用扫货位"), code="no_place_here")
    spot = job.spots.get(found.id)
    if spot is None:
        told = _("货位「%(code)s」没有本单要拣的货") if job.way == "take" else _("货位「%(code)s」不在这个库里")
        raise RuleBroken(told % {"code": found.number}, code="wrong_place")
    return replace(state, place=spot.id, part=None), Said(_("货位 %(name)s，请扫配件") % {"name": spot.name}, "ask")


def _article(job: Job, state: State, found: Any) -> tuple[State, Said]:
    wants = [want for want in job.wants if want.part_id == found.id]
    lot = (found.serial if wants and wants[0].is_serial else found.lot) if found.kind == "catalog.part" else found.number
    expires = found.expires_on.isoformat() if found.expires_on else ""
    if not wants:
        if not (state.wrong and job.is_arrival):
            raise RuleBroken(_("%(name)s（%(code)s）不在本单") % {"name": found.name, "code": found.number}, code="not_on_document")
        made = Pick("", found.id, found.per_qty, lot, None, found.per_qty)
        return replace(state, picks=(*state.picks, made), part=None), Said(_("错货 %(name)s ×%(qty)s") % {"name": found.name, "qty": shown(made.qty)})
    if lot and job.is_arrival and found.kind == "catalog.part":
        return _pick(job, state, wants, found.per_qty, lot, expires)
    if lot and job.is_arrival:
        raise RuleBroken(_("序列号或批次 %(lot)s 已在账上，请核对标签") % {"lot": lot}, code="known_already")
    fixed = [want.lot for want in wants if want.lot]
    same = [want for want in wants if want.lot and want.lot.casefold() == lot.casefold()]
    if same:
        return _pick(job, state, same, found.per_qty, same[0].lot)
    if lot and fixed:
        raise RuleBroken(_("批次或序列号不符：扫到 %(lot)s，应为 %(wanted)s") % {"lot": lot, "wanted": "、".join(fixed)}, code="wrong_lot")
    if lot and not any(lot in want.lots for want in wants if want.lots):
        raise RuleBroken(_("%(lot)s 不在可用库存里") % {"lot": lot}, code="wrong_lot")
    return _pick(job, state, wants, found.per_qty, lot)


def _pick(job: Job, state: State, wants: list[Want], qty: Decimal, lot: str, expires: str = "") -> tuple[State, Said]:
    first = wants[0]
    asks_number = first.is_serial or (first.is_lot and job.is_arrival)
    if asks_number and not lot:
        text = _("%(name)s：请扫序列号") if first.is_serial else _("%(name)s：请扫批次号")
        return replace(state, part=first.part_id), Said(text % {"name": first.name}, "ask")
    if first.is_serial and any(p.part_id == first.part_id and p.lot.casefold() == lot.casefold() for p in state.picks):
        raise RuleBroken(_("序列号 %(lot)s 已扫过") % {"lot": lot}, code="serial_twice")
    here = _here(job, state, wants)
    made, refused = None, None
    for want in here:
        made = Pick(want.key, want.part_id, qty, lot or want.lot, state.place if job.way else None, qty, expires)
        try:
            _require_room(job, state, want, made)
            break
        except RuleBroken as full:
            made, refused = None, refused or full
    if made is None:
        raise refused
    after = replace(state, picks=(*state.picks, made), part=None)
    return after, Said(_tell(job, after, made))


def _here(job: Job, state: State, wants: list[Want]) -> list[Want]:
    """The lines that may be served where the keeper stands."""
    if job.way == "put":
        if job.needs_place and state.place is None:
            raise RuleBroken(_("请先扫要放到的货位"), code="place_first")
        return wants
    if job.way != "take" or not any(want.spots for want in wants):
        return wants
    spots = [job.spots[pk] for want in wants for pk in want.spots if pk in job.spots]
    names = "、".join(dict.fromkeys(spot.name for spot in spots))
    if state.place is None:
        loose = [want for want in wants if any(not job.spots[pk].is_bin for pk in want.spots if pk in job.spots)]
        if not loose:
            raise RuleBroken(_("%(part)s 在 %(places)s，请先扫货位") % {"part": wants[0].name, "places": names}, code="place_first")
        return loose
    here = [want for want in wants if state.place in want.spots]
    if not here:
        raise RuleBroken(
            _("%(part)s 应在 %(places)s，现在是 %(here)s") % {"part": wants[0].name, "places": names, "here": job.spots[state.place].name},
            code="wrong_place",
        )
    return here


def _require_room(job: Job, state: State, want: Want, made: Pick) -> None:
    """Refuse what goes beyond the line, or beyond what lies at the place."""
    already = picked(state, want)
    limit = max(want.qty, want.most or ZERO)
    if already + made.qty > limit and not (state.excess and job.is_arrival):
        raise RuleBroken(
            _("%(part)s 只要 %(wanted)s，已扫 %(picked)s") % {"part": want.name, "wanted": shown(want.qty), "picked": shown(already)},
            code="more_than_wanted",
        )
    if job.way != "take" or not want.spots:
        return
    place = made.place or next((pk for pk in want.spots if pk in job.spots and not job.spots[pk].is_bin), None)
    there = want.spots.get(place, ZERO) if place else ZERO
    same = [p for p in state.picks if p.part_id == made.part_id and p.place == made.place and (not made.lot or p.lot == made.lot)]
    own = [p for p in same if p.want == want.key]
    # Lines of one document share what lies free; what is promised to a line is its own.
    taken = sum((p.qty for p in (own if want.lot or job.short == "line" else same)), ZERO)
    if taken + made.qty > there:
        raise RuleBroken(_("这里的 %(part)s 只有 %(qty)s") % {"part": want.name, "qty": shown(there)}, code="more_than_there")


def _name(job: Job, pick: Pick) -> str:
    want = job.want(pick.want)
    return want.name if want else _("错货")


def _tell(job: Job, state: State, made: Pick) -> str:
    want = job.want(made.want)
    if want is None:
        return _("错货 ×%(qty)s") % {"qty": shown(made.qty)}
    told = f"{want.name} {shown(picked(state, want))}/{shown(want.qty)}"
    return f"{told} {made.lot}" if made.lot else told


def require_whole(job: Job, state: State, find_part: Callable[[int], bool] = lambda pk: True) -> None:
    """Refuse picks that a document does not allow (any more): they come from a page, which may be old or forged."""
    seen: State = replace(state, picks=())
    for made in state.picks:
        want = job.want(made.want)
        if made.want == "" and state.wrong and job.is_arrival and made.qty and find_part(made.part_id):
            seen = replace(seen, picks=(*seen.picks, made))
            continue
        if want is None or want.part_id != made.part_id or not made.qty:
            raise RuleBroken(_("单据已被他人改动，请重新打开再扫"), code="scan_stale")
        if job.way and made.place is not None and made.place not in job.spots:
            raise RuleBroken(_("货位不在这个库里"), code="wrong_place")
        if want.is_serial and (made.qty != 1 or not made.lot):
            raise RuleBroken(_("%(name)s：请扫序列号") % {"name": want.name}, code="serial_is_single")
        if want.lot and made.lot != want.lot:
            raise RuleBroken(_("批次或序列号不符：扫到 %(lot)s，应为 %(wanted)s") % {"lot": made.lot, "wanted": want.lot}, code="wrong_lot")
        _here(job, replace(seen, place=made.place), [want])
        _require_room(job, seen, want, made)
        seen = replace(seen, picks=(*seen.picks, made))
    if not state.picks:
        raise RuleBroken(_("还没有扫到任何货"), code="nothing_picked")


def missing(job: Job, state: State) -> list[tuple[Want, Decimal]]:
    """What is still to be scanned, by line."""
    return [(want, want.qty - done) for want in job.wants if (done := picked(state, want)) < want.qty]


def by_line(picks: Iterable[Pick]) -> dict[tuple[str, str, int | None], Decimal]:
    """Quantities by line, lot and place, in the order of scanning."""
    found: dict[tuple[str, str, int | None], Decimal] = {}
    for one in picks:
        key = (one.want, one.lot, one.place)
        found[key] = found.get(key, ZERO) + one.qty
    return found
