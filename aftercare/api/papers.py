"""借阅资料: drawings, manuals and files on paper that are lent to employees."""

import datetime as dt
from typing import Annotated, Literal

from ninja import Query
from pydantic import Base64Bytes, Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Day, Number, Plain, Text, Write
from aftercare.api.moves import OpenMove, add_moves, moves_by
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Made, Row, again, one_of, page_of
from aftercare.api.timeline import add_timeline
from aftercare.domain.custody import actions
from aftercare.domain.custody import queries as custody
from aftercare.domain.custody.lifecycle import PAPER
from aftercare.domain.people import queries as people
from aftercare.foundation.access import Actor

routes = Routes("Papers")
PATH = "/papers/{number}"
Status = Literal["in_store", "out", "lost", "withdrawn"]
KindOfPaper = Literal["drawing", "manual", "file", "other"]
Secrecy = Literal["open", "internal", "secret"]
PaperNumber = Annotated[Plain, Field(min_length=1, max_length=40, pattern="^[^/]*$")]
Title = Annotated[Plain, Field(min_length=1, max_length=160)]
Edition = Annotated[Plain, Field(max_length=40)]
Place = Annotated[Plain, Field(max_length=60)]


class PaperRow(Row):
    """A paper in a list, with its borrower."""

    number: str
    status: Status
    title: str
    kind: Annotated[KindOfPaper, From("kind_of")]
    secrecy: Secrecy
    edition: str
    branch: Annotated[str, From("branch__number")]
    place: str
    holding: Annotated[str | None, From("holding__number")]
    holder: Annotated[str | None, From("holding__employee__number")]
    holder_name: Annotated[str | None, From("holding__employee__name")]
    due_on: Annotated[dt.date | None, From("holding__due_on")]
    version: int


class Paper(PaperRow):
    """A paper in full."""

    note: str
    moves: Annotated[list[OpenMove], Made(moves_by(custody.open_thing_moves))]


class PapersAsked(Asking):
    """Filters; `q` finds number and title."""

    status: Status | None = None
    kind: KindOfPaper | None = None
    secrecy: Secrecy | None = None
    branch: Number | None = None


class NewPaper(Write):
    """A paper under the company's own number."""

    number: PaperNumber
    title: Title
    kind: KindOfPaper = "manual"
    secrecy: Secrecy = "open"
    branch: Number | None = None
    edition: Edition = ""
    place: Place = ""
    note: Text = ""


class PaperEdit(Write):
    """What may be changed."""

    number: PaperNumber = None
    title: Title = None
    kind: KindOfPaper = None
    secrecy: Secrecy = None
    edition: Edition = None
    place: Place = None
    note: Text = None


class PaperLoan(Write):
    """To whom it is lent; without `due_on` for the days of the rule."""

    employee: Number
    due_on: Day | None = None
    signed_name: Annotated[Plain, Field(max_length=80)] = ""
    signature: Annotated[Base64Bytes | None, Field(max_length=540_000)] = Field(None, description="PNG, base64.")
    note: Text = ""


def _get(number: str, actor: Actor):
    return one_of(Paper, custody.list_papers(actor), actor, number=number)


def _answer(row, actor: Actor) -> Answer:
    row = again(Paper, row)
    return Answer(Paper.of(row, actor), version=row.version)


@routes.list("/papers", PaperRow)
def list_papers(request, asked: Query[PapersAsked]):
    """List papers, newest first."""
    actor = calls.caller(request)
    rows = custody.list_papers(actor, text=asked.q, status=asked.status, kind_of=asked.kind, secrecy=asked.secrecy,
                               branch__number=asked.branch)
    return page_of(PaperRow, rows, actor, order=("-id",), asked=asked)


@routes.create("/papers", Paper)
def create_paper(request, body: NewPaper):
    """Register a paper."""
    actor = calls.caller(request)
    given = body.model_dump(exclude={"kind", "branch", "at"})
    row = actions.create_paper(kind_of=body.kind, branch_id=calls.branch_id(request, body.branch), actor=actor,
                               at=calls.moment(request, body.at), **given)
    return calls.created(_answer(row, actor), "papers", row.number)


@routes.read(PATH, Paper)
def get_paper(request, number: Number):
    """One paper."""
    actor = calls.caller(request)
    row = _get(number, actor)
    return Answer(Paper.of(row, actor), version=row.version)


@routes.edit(PATH, Paper)
def edit_paper(request, number: Number, body: PaperEdit):
    """Change what is written of it."""
    actor = calls.caller(request)
    fields = calls.edits(body)
    if "kind" in fields:
        fields["kind_of"] = fields.pop("kind")
    row = actions.edit_paper(custody.get_paper(number, actor), version=calls.version_edited(request), actor=actor,
                             at=calls.moment(request, body.at), **fields)
    return _answer(row, actor)


def _lend(row, body: PaperLoan, *, actor: Actor, at: dt.datetime, version: int | None):
    given = body.model_dump(exclude={"employee", "at"})
    actions.lend_paper(custody.get_paper(row.number, actor), employee=people.get_employee(body.employee, actor), version=version,
                       actor=actor, at=at, **given)
    return row


add_moves(routes, PAPER, path=PATH, noun="paper", answers=Paper, get=_get, answer=_answer, bodies={"lend": PaperLoan},
          performs={"lend": _lend}, without={"come_in", "pass_on", "lose"})
add_timeline(routes, PATH, "paper", _get)
