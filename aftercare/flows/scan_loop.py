"""The loop of a keeper with a scanner: place, part, quantity, again; a wrong scan is refused and changes nothing.

Pure: what is wanted comes in as a `Job`, what was scanned so far as a `State`, and a step gives the next state or refuses.
Nothing is booked before the keeper finishes; `scan_jobs` books through the flows that the pages use.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aftercare.flows.scan_state import Job, Pick, Said, State, Want
from aftercare.foundation.quantity import shown
from aftercare.foundation.refusals import NotFound, RuleBroken

ZERO, ONE = Decimal(0), Decimal(1)
UNDO, DONE, BAD = "CMD-UNDO", "CMD-DONE", "CMD-BAD"
# One key each for who types: minus takes the last scan back, a full stop finishes, the next scan after an exclamation mark is damaged.
SHORT = {"-": UNDO, ".": DONE, "!": BAD}
ARTICLES = frozenset({"catalog.part", "inventory.serial", "inventory.lot"})
# Up to four digits are a quantity, or any number behind a star; article codes are longer.
_QTY = re.compile(r"(?:\*\d{1,7}|\d{1,4})(?:\.\d{1,3})?")
# What a number new to the house may be found as: not at all, or as a customer's unit.
_UNKNOWN = frozenset({"", "assets.asset"})


def picked(state: State, want: Want, *, bad: bool | None = None) -> Decimal:
    """How much of a line was scanned; with `bad` only what was told to be so, or only the good."""
    return sum((p.qty for p in state.picks if p.want == want.key and bad in (None, p.bad)), ZERO)


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
    if text.upper() == BAD:
        return turn_bad(job, state)
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
    named = [want for want in job.wants if kind in want.kinds]
    if named and (not named[0].lot or named[0].lot == found.number):
        return _name_it(job, state, named[0], found)
    if kind == "inventory.place":
        return _go(job, state, found)
    if kind in ARTICLES:
        return _article(job, state, found)
    if found.number == job.number:
        return state, Said(_("就是当前单据，继续扫"), "ask")
    raise RuleBroken(_("「%(code)s」是%(name)s，不属于这一步") % {"code": found.number, "name": found.name}, code="not_for_this_job")


def turn_bad(job: Job, state: State) -> tuple[State, Said]:
    """The next scan is damaged (or rejected); told once more, it is not."""
    if not job.bad:
        raise RuleBroken(_("这一步不记破损"), code="no_bad_here")
    if state.bad:
        return replace(state, bad=False), Said(_("下一扫按完好记"), "ask")
    return replace(state, bad=True), Said(_("下一扫记为%(bad)s") % {"bad": job.bad}, "ask")


def _name_it(job: Job, state: State, want: Want, found: Any) -> tuple[State, Said]:
    """Who or what the job is for; a second scan takes the place of the first."""
    picks = tuple(one for one in state.picks if one.want != want.key)
    after = replace(state, picks=(*picks, Pick(want.key, want.part_id, ONE, found.number, name=found.name[:80])))
    return after, Said(f"{want.name} {found.name} {found.number}")


def undo(job: Job, state: State) -> tuple[State, Said]:
    """Without the last scan of goods."""
    if state.part is not None or state.bad:
        return replace(state, part=None, bad=False), Said(_("已撤销，请继续"))
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
    if want is not None and (want.is_serial or want.kinds):
        raise RuleBroken(_("序列号只能逐个扫，数量不能改"), code="serial_is_single")
    before = replace(state, picks=state.picks[:-1])
    made = replace(last, qty=count * last.per)
    after = _spread(job, before, want, made) if want is not None else replace(before, picks=(*before.picks, made))
    return after, Said(_tell(job, after, after.picks[-1]))


def _spread(job: Job, state: State, want: Want, made: Pick) -> State:
    """The line takes that much, or as much as it wants and further lines of the same part at the same place the rest."""
    try:
        _require_room(job, state, want, made)
        return replace(state, picks=(*state.picks, made))
    except RuleBroken as full:
        left, after = made.qty, state
        same = [one for one in job.wants if one.part_id == want.part_id and one.lot in ("", made.lot)]
        for one in (want, *(other for other in same if other is not want)):
            part = replace(made, want=one.key, qty=min(left, one.qty - picked(after, one), one.spots.get(made.place, left)))
            if part.qty <= 0 or (job.way == "take" and one.spots and made.place is not None and made.place not in one.spots):
                continue
            _require_room(job, after, one, part)
            after, left = replace(after, picks=(*after.picks, part)), left - part.qty
        if left:
            raise full from None
        return after


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
        made = Pick(want.key, want.part_id, qty, lot or want.lot, state.place if job.way else None, qty, expires, state.bad)
        try:
            _require_room(job, state, want, made)
            break
        except RuleBroken as full:
            made, refused = None, refused or full
    if made is None:
        raise refused
    after = replace(state, picks=(*state.picks, made), part=None, bad=False)
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
    taken = sum((p.qty for p in (own if want.lot or job.is_promised else same)), ZERO)
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
    return " ".join(filter(None, (told, made.lot, made.bad and f"{job.bad} ×{shown(made.qty)}")))


def require_whole(job: Job, state: State, find_part: Callable[[int], bool] = lambda pk: True) -> None:
    """Refuse picks that a document does not allow (any more): they come from a page, which may be old or forged."""
    seen: State = replace(state, picks=())
    for made in state.picks:
        want = job.want(made.want)
        if made.want == "" and state.wrong and job.is_arrival and made.qty and find_part(made.part_id):
            seen = replace(seen, picks=(*seen.picks, made))
            continue
        if want is None or want.part_id != made.part_id or not made.qty or (made.bad and not job.bad):
            raise RuleBroken(_("单据已被他人改动，请重新打开再扫"), code="scan_stale")
        if job.way and made.place is not None and made.place not in job.spots:
            raise RuleBroken(_("货位不在这个库里"), code="wrong_place")
        if (want.is_serial or want.kinds) and (made.qty != 1 or not made.lot):
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


def expected(job: Job, state: State) -> str:
    """What should be scanned now, in words: told with every wrong scan."""
    left = [want for want, _qty in missing(job, state)]
    waiting = next((want for want in job.wants if want.part_id == state.part), None) if state.part is not None else None
    if waiting is not None:
        return (_("%(name)s：请扫序列号") if waiting.is_serial else _("%(name)s：请扫批次号")) % {"name": waiting.name}
    if not left:
        return _("全部扫完，请提交") if job.wants else _("没有要扫的货")
    if job.way == "put" and job.needs_place and state.place is None:
        return _("请先扫要放到的货位")
    names = _("、").join(dict.fromkeys(want.name for want in left[:3]))
    bins = [job.spots[pk].name for want in left[:3] for pk in want.spots if pk in job.spots and job.spots[pk].is_bin]
    if job.way == "take" and state.place is None and bins:
        return _("应扫货位 %(bins)s，或 %(names)s") % {"bins": _("、").join(dict.fromkeys(bins)), "names": names}
    return _("应扫 %(names)s") % {"names": names}


def by_line(picks: Iterable[Pick]) -> dict[tuple[str, str, int | None], Decimal]:
    """Quantities by line, lot and place, in the order of scanning."""
    found: dict[tuple[str, str, int | None], Decimal] = {}
    for one in picks:
        key = (one.want, one.lot, one.place)
        found[key] = found.get(key, ZERO) + one.qty
    return found
