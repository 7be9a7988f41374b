"""词典: categories, dictionary entries and work types, and what comboboxes offer."""

from typing import Annotated, Literal

from django.db.models import QuerySet
from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Id, Minutes, Number, Plain, Small, Sought, Write
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Row, again, one_of, page_of
from aftercare.domain.catalog import actions
from aftercare.domain.catalog import queries as catalog
from aftercare.foundation.access import Actor

routes = Routes("Dictionaries")

Dictionary = Literal["fault", "cause", "solution", "colour", "grade", "barrier"]
Combobox = Literal["product", "part", "category", "work_type", "brand", "maker", "unit", "fault", "cause", "solution", "colour", "grade",
                   "barrier"]
NEWEST = {"-id": ("-id",), "id": ("id",)}
USED = {"-uses": ("-uses", "id"), **NEWEST}
Code80 = Annotated[Plain, Field(max_length=80)]
Word = Annotated[Plain, Field(min_length=1, max_length=160)]
Aliases = Annotated[list[Word], Field(max_length=30)]


class CategoryRow(Row):
    """A category of products."""

    id: int
    code: str
    name: str
    parent_id: int | None
    needs_certificate: bool
    is_active: bool
    merged_into_id: int | None
    version: int


class CodeRow(Row):
    """A dictionary entry."""

    id: int
    kind: Annotated[Dictionary, From("kind_of")]
    code: str
    name: str
    category_id: int | None
    aliases: list[str]
    is_active: bool
    is_new: bool
    merged_into_id: int | None
    uses: int
    version: int


class WorkTypeRow(Row):
    """A work type with its usual time in minutes."""

    id: int
    code: str
    name: str
    minutes: int
    is_repair: bool
    is_active: bool
    position: int
    version: int


class SuggestionRow(Row):
    """What a combobox offers. Brands have no id."""

    id: int | None
    name: str
    code: str
    hint: str


class Suggestions(Row):
    """The suggestions, the most used first."""

    items: list[SuggestionRow]


class WordsAsked(Asking):
    """Filters of a register."""

    active: bool | None = None
    order: Literal[tuple(NEWEST)] = "-id"


class CodesAsked(Asking):
    """Filters of the dictionaries."""

    kind: Dictionary | None = None
    category: Id | None = None
    active: bool | None = None
    new: bool | None = Field(None, description="Only words that were typed and not confirmed yet.")
    order: Literal[tuple(USED)] = "-uses"


class NewCategory(Write):
    """A category; one of that name is answered as it is."""

    name: Annotated[Plain, Field(min_length=1, max_length=80)]
    code: Annotated[Plain, Field(max_length=40)] = ""
    parent_id: Id | None = None


class CategoryEdit(Write):
    """What may be changed."""

    name: Annotated[Plain, Field(min_length=1, max_length=80)] = None
    code: Annotated[Plain, Field(min_length=1, max_length=40)] = None
    parent_id: Id | None = Field(None, description="The category it stands under; with it goes all below. Never itself or one below it.")
    needs_certificate: bool = None
    is_active: bool = None


class NewCode(Write):
    """A dictionary entry; one of that name or alias is answered as it is."""

    kind: Dictionary
    name: Word
    code: Annotated[Plain, Field(max_length=40)] = ""
    category_id: Id | None = None


class CodeEdit(Write):
    """What may be changed."""

    name: Word = None
    code: Annotated[Plain, Field(max_length=40)] = None
    category_id: Id | None = None
    aliases: Aliases = None
    is_active: bool = None
    is_new: bool = None


class NewWorkType(Write):
    """A work type; one of that name or code is answered as it is."""

    name: Annotated[Plain, Field(min_length=1, max_length=60)]
    code: Annotated[Plain, Field(max_length=20)] = ""
    minutes: Minutes = 60
    is_repair: bool = True
    position: Small = 0


class WorkTypeEdit(Write):
    """What may be changed."""

    name: Annotated[Plain, Field(min_length=1, max_length=60)] = None
    code: Annotated[Plain, Field(min_length=1, max_length=20)] = None
    minutes: Minutes = None
    is_repair: bool = None
    position: Small = None
    is_active: bool = None


def _answer(row: type[Row], subject, actor: Actor) -> Answer:
    subject = again(row, subject)
    return Answer(row.of(subject, actor), version=subject.version)


def _read(row: type[Row], rows: QuerySet, key: int, actor: Actor) -> Answer:
    subject = one_of(row, rows, actor, pk=key)
    return Answer(row.of(subject, actor), version=subject.version)


def _edited(request, row: type[Row], subject, action, body: Write) -> Answer:
    actor = calls.caller(request)
    edited = action(subject, version=calls.version_edited(request), actor=actor, at=calls.moment(request, body.at),
                    **calls.edits(body))
    return _answer(row, edited, actor)


def _category(category_id: int | None, actor: Actor):
    return catalog.get_category(category_id, actor) if category_id else None


def _active(rows: QuerySet, asked) -> QuerySet:
    return rows if asked.active is None else rows.filter(is_active=asked.active)


@routes.read("/suggestions/{kind}", Suggestions)
def suggest(request, kind: Combobox, q: Sought = "", category: Id | None = None,
            limit: Annotated[int, Field(ge=1, le=50)] = 8):
    """What a combobox offers for the text typed so far: names, pinyin initials, codes, aliases."""
    actor = calls.caller(request)
    actor.require_anywhere("catalog.view")
    return {"items": SuggestionRow.many(catalog.suggest(kind, q, actor, limit, category_id=category), actor)}


@routes.list("/categories", CategoryRow)
def list_categories(request, asked: Query[WordsAsked]):
    """List categories; `q` is a part of the name."""
    actor = calls.caller(request)
    rows = _active(catalog.list_categories(actor), asked)
    rows = rows.filter(name__icontains=asked.q) if asked.q else rows
    return page_of(CategoryRow, rows, actor, order=NEWEST[asked.order], asked=asked)


@routes.create("/categories", CategoryRow)
def create_category(request, body: NewCategory):
    """Add a category."""
    actor = calls.caller(request)
    row, _made = actions.ensure_category(body.name, code=body.code, parent=_category(body.parent_id, actor), actor=actor,
                                         at=calls.moment(request, body.at))
    return calls.created(_answer(CategoryRow, row, actor), "categories", row.pk)


@routes.read("/categories/{category_id}", CategoryRow)
def get_category(request, category_id: Id):
    """One category."""
    actor = calls.caller(request)
    return _read(CategoryRow, catalog.list_categories(actor), category_id, actor)


@routes.edit("/categories/{category_id}", CategoryRow)
def edit_category(request, category_id: Id, body: CategoryEdit):
    """Change a category."""
    category = catalog.get_category(category_id, calls.caller(request))
    return _edited(request, CategoryRow, category, actions.edit_category, body)


@routes.list("/codes", CodeRow)
def list_codes(request, asked: Query[CodesAsked]):
    """List dictionary entries, the most used first; `q` is a part of the name."""
    actor = calls.caller(request)
    rows = _active(catalog.list_codes(actor, asked.kind), asked)
    rows = rows.filter(name__icontains=asked.q) if asked.q else rows
    if asked.category:
        rows = rows.filter(category_id=asked.category)
    if asked.new is not None:
        rows = rows.filter(is_new=asked.new)
    return page_of(CodeRow, rows, actor, order=USED[asked.order], asked=asked)


@routes.create("/codes", CodeRow)
def create_code(request, body: NewCode):
    """Add a dictionary entry."""
    actor = calls.caller(request)
    row, _made = actions.ensure_code(body.kind, body.name, category=_category(body.category_id, actor), code=body.code,
                                     actor=actor, at=calls.moment(request, body.at))
    return calls.created(_answer(CodeRow, row, actor), "codes", row.pk)


@routes.read("/codes/{code_id}", CodeRow)
def get_code(request, code_id: Id):
    """One dictionary entry."""
    actor = calls.caller(request)
    return _read(CodeRow, catalog.list_codes(actor), code_id, actor)


@routes.edit("/codes/{code_id}", CodeRow)
def edit_code(request, code_id: Id, body: CodeEdit):
    """Change a dictionary entry."""
    code = catalog.get_code(code_id, calls.caller(request))
    return _edited(request, CodeRow, code, actions.edit_code, body)


@routes.list("/work-types", WorkTypeRow)
def list_work_types(request, asked: Query[WordsAsked]):
    """List work types; `q` is a part of the name."""
    actor = calls.caller(request)
    rows = _active(catalog.list_work_types(actor), asked)
    rows = rows.filter(name__icontains=asked.q) if asked.q else rows
    return page_of(WorkTypeRow, rows, actor, order=NEWEST[asked.order], asked=asked)


@routes.create("/work-types", WorkTypeRow)
def create_work_type(request, body: NewWorkType):
    """Add a work type."""
    actor = calls.caller(request)
    row, _made = actions.ensure_work_type(body.name, code=body.code, minutes=body.minutes, is_repair=body.is_repair,
                                          position=body.position, actor=actor, at=calls.moment(request, body.at))
    return calls.created(_answer(WorkTypeRow, row, actor), "work-types", row.code)


@routes.read("/work-types/{code}", WorkTypeRow)
def get_work_type(request, code: Number):
    """One work type."""
    actor = calls.caller(request)
    subject = one_of(WorkTypeRow, catalog.list_work_types(actor), actor, code=code)
    return Answer(WorkTypeRow.of(subject, actor), version=subject.version)


@routes.edit("/work-types/{code}", WorkTypeRow)
def edit_work_type(request, code: Number, body: WorkTypeEdit):
    """Change a work type."""
    work_type = catalog.get_work_type(code, calls.caller(request))
    return _edited(request, WorkTypeRow, work_type, actions.edit_work_type, body)
