"""扫码作业: what a document wants scanned, and the booking of what was, for hand-held devices with a program of their own."""

from decimal import Decimal
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import Field

from aftercare.api import calls
from aftercare.api.fields import Number, Plain, Qty, Strict, Write
from aftercare.api.routes import Routes
from aftercare.api.rows import Row
from aftercare.api.work_bodies import Method
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.inventory import queries as stock
from aftercare.flows import scan_jobs
from aftercare.flows.scan_state import Pick, State
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import RuleBroken

routes = Routes("Stock")
PATH = "/scan-jobs/{job}/{number}"
JobName = Literal["issue", "return", "receive", "inspect", "send-back", "ship", "take", "put-away", "hand-out", "give", "lend", "take-back", "shelve"]


class ScanSpot(Row):
    """A place of the job, and how much of the line lies there."""

    place: str
    name: str
    is_bin: bool
    qty: Decimal | None


class ScanWant(Row):
    """One line: what is to be scanned, how much, where. `lot` fixes a lot or serial number; `most` is the tolerance's limit.

    With `kinds` no goods are scanned but somebody or something of these kinds, e.g. an employee's badge: its number is `lot` of the scan.
    """

    key: str
    part: str
    part_name: str
    qty: Decimal
    most: Decimal | None
    unit: str
    lot: str
    is_serial: bool
    is_lot: bool
    kinds: list[str]
    spots: list[ScanSpot]


class ScanJob(Row):
    """A job for a scanner. `way`: goods are taken from the place scanned (take), put there (put), or no place is scanned.

    `bad`: what a scan may be told to be instead of good (damaged, rejected), as a label; empty: nothing. `short`: an end before all is
    scanned is refused (whole), needs `is_short` (confirm), or is free.
    """

    job: str
    number: str
    title: str
    way: str
    needs_place: bool
    bad: str
    short: Literal["whole", "confirm", "free"]
    wants: list[ScanWant]


class ScanDone(Row):
    """The page of what came of the job."""

    address: str


class Scan(Strict):
    """What was scanned of a line; without `want` it is a wrong part, told by `part` (receive with `keep_wrong` only)."""

    want: Annotated[Plain, Field(max_length=80)] = ""
    part: Annotated[Plain, Field(max_length=60)] = ""
    qty: Qty
    lot: Annotated[Plain, Field(max_length=60)] = ""
    place: Annotated[Plain, Field(max_length=30, description="Code of the bin or place.")] = ""
    bad: Annotated[bool, Field(description="Damaged or rejected; the reason is `note`.")] = False


class Scans(Write):
    """Books what was scanned, all or nothing."""

    scans: Annotated[list[Scan], Field(min_length=1, max_length=2000)]
    note: Annotated[Plain, Field(max_length=60, description="A few words: delivery note, reason of damage or rejection, state of a thing.")] = ""
    keep_excess: bool = False
    keep_wrong: bool = False
    is_short: Annotated[bool, Field(description="Less than the document wants: the rest is given up (ship) or told missing (take).")] = False
    method: Annotated[Method | None, Field(description="How what is owed or the deposit is paid; none: not collected (hand-out).")] = None
    is_credit: Annotated[bool, Field(description="Rejected goods are credited, not delivered again (inspect).")] = False


def _told(job: scan_jobs.Job) -> dict:
    spots = [[{"place": job.spots[pk].code, "name": job.spots[pk].name, "is_bin": job.spots[pk].is_bin, "qty": qty}
              for pk, qty in want.spots.items() if pk in job.spots] for want in job.wants]
    targets = [{"place": one.code, "name": one.name, "is_bin": one.is_bin, "qty": None} for one in job.spots.values()] if job.way == "put" else []
    return {
        "job": job.name, "number": job.number, "title": job.title, "way": job.way, "needs_place": job.needs_place,
        "bad": job.bad, "short": job.short,
        "wants": [
            {"key": want.key, "part": want.code, "part_name": want.name, "qty": want.qty, "most": want.most, "unit": want.unit,
             "lot": want.lot, "is_serial": want.is_serial, "is_lot": want.is_lot, "kinds": sorted(want.kinds), "spots": near or targets}
            for want, near in zip(job.wants, spots, strict=True)
        ],
    }  # fmt: skip


@routes.read(PATH, ScanJob, of_state=True)
def get_scan_job(request, job: JobName, number: Number):
    """What a document or thing wants scanned. By its number: issue or return of an order's parts, receive a purchase, inspect a delivery,
    send back to the supplier, ship or take a transfer, put away, hand out a sale; give, lend or take back a thing; shelve a customer's.
    """
    return _told(scan_jobs.make(job, number, actor=calls.caller(request), at=clock.now()))


@routes.act(PATH, ScanDone)
def finish_scan_job(request, job: JobName, number: Number, body: Scans):
    """Book what was scanned. Lines, lots, places and quantities are checked against the document as it stands now."""
    actor, at = calls.caller(request), calls.moment(request, body.at)
    made = scan_jobs.make(job, number, actor=actor, at=at)
    state = State(picks=_picks(made, body, actor), excess=body.keep_excess, wrong=body.keep_wrong)
    told = scan_jobs.Told(body.note, body.method or "", body.is_credit)
    address = scan_jobs.finish(job, number, state, is_short=body.is_short, told=told, actor=actor, at=at)
    return {"address": address}


def _picks(job: scan_jobs.Job, body: Scans, actor: Actor) -> tuple[Pick, ...]:
    places = {one.code: one.id for one in job.spots.values()}
    picks = []
    for one in body.scans:
        want = job.want(one.want)
        if want is None and one.want:
            raise RuleBroken(_("单据已被他人改动，请重新打开再扫"), code="scan_stale", field="scans")
        if want is None and not one.part:
            raise RuleBroken(_("请选择配件"), code="part_missing", field="scans")
        part_id = want.part_id if want else catalog.get_part(one.part, actor).pk
        place = (places.get(one.place) or stock.get_place(one.place, actor).pk) if one.place else None
        picks.append(Pick(one.want, part_id, one.qty, one.lot, place, bad=one.bad))
    return tuple(picks)
