"""附件: pictures and papers of documents. Who sees a document sees its files."""

import datetime as dt
import hashlib
from typing import Annotated, Any, Literal

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Form, UploadedFile
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Number, Plain, Write
from aftercare.api.moves import OpenMove, add_moves, open_moves
from aftercare.api.routes import Routes
from aftercare.api.rows import From, Made, Row
from aftercare.domain.files import actions as files
from aftercare.domain.files.lifecycle import FILE
from aftercare.flows import attachments
from aftercare.foundation import blobs, clock
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound

routes = Routes("Files")
PATH = "/files/{number}"

FileStatus = Literal["loose", "bound", "removed"]
KindOfFile = Literal["appearance", "fault", "nameplate", "result", "paper", "portrait", "other"]
Noun = Literal[
    "orders", "custodies", "assets", "contacts", "customers", "employees", "parts", "products", "loaners", "tools", "papers", "holdings"
]
# Addresses of documents whose files are listed and handed in below them.
_PARENTS: dict[str, tuple[str, str]] = {
    "orders": ("/work-orders", "work_order"), "custodies": ("/custodies", "custody"), "assets": ("/assets", "asset"),
    "contacts": ("/contacts", "contact"), "customers": ("/customers", "customer"), "employees": ("/employees", "employee"),
    "parts": ("/parts", "part"), "products": ("/products", "product"),
    "loaners": ("/loaners", "loaner"), "tools": ("/tools", "tool"), "papers": ("/papers", "paper"), "holdings": ("/holdings", "holding"),
}  # fmt: skip


class FileRow(Row):
    """A file. `number` is random and tells nothing; `sha256` is the sum of what is kept (pictures are made anew)."""

    number: str
    status: FileStatus
    name: str
    kind: Annotated[KindOfFile, From("kind_of")]
    caption: str
    media_type: str
    size: int
    sha256: str
    width: int | None
    height: int | None
    source_kind: str
    source_number: str
    uploaded_by: str
    uploaded_at: dt.datetime
    version: int


class StoredFile(FileRow):
    """A file with the moves that are open to the caller."""

    moves: Annotated[list[OpenMove], Made(open_moves(FILE))]


class FileRows(Row):
    """The files of a document, oldest first."""

    items: list[FileRow]


class DescribeFile(Write):
    """Another caption or kind."""

    caption: Annotated[Plain, Field(max_length=200)] = ""
    kind: KindOfFile | None = None


class BindFile(Write):
    """The document that the file belongs to from now on."""

    noun: Noun
    document: Number = Field(description="Number of the document.")


class RemoveFile(Write):
    """Why it is taken off; a file that belongs to nothing yet needs no reason."""

    reason: Annotated[Plain, Field(max_length=200)] = ""


Caption = Annotated[Plain, Field(max_length=200)]
KIND = Form(None, description="What it shows; default: what is usual for that document.")
CAPTION = Form("")


def _answer(row: Any, actor: Actor) -> Answer:
    return Answer(StoredFile.of(row, actor), version=row.version)


def _take(request: HttpRequest, file: UploadedFile, kind: str | None, caption: str, keep) -> tuple[str, Any]:
    """The sum of what came, and what keeps it."""
    data = file.read()
    prepared = files.prepare(name=file.name or "", data=data)
    actor, at = calls.caller(request), clock.now()

    def perform() -> Answer:
        row = keep(
            prepared, key=calls.idempotency_key(request), kind_of=kind or "", caption=caption, actor=actor, at=at,
        )
        return calls.created(_answer(row, actor), "files", row.number)

    told = "\0".join((hashlib.sha256(data).hexdigest(), file.name or "", kind or "", caption))
    return told, perform


@routes.upload("/files", StoredFile, summary="Hand in a file for a document that is not there yet")
def create_loose_file(request, file: File[UploadedFile], kind: KindOfFile | None = KIND, caption: Caption = CAPTION):
    """Only the caller sees it until `bind` gives it to a document. `multipart/form-data` with `file`, `kind`, `caption`;
    at most 20 MB: JPEG, PNG, WebP, PDF, xlsx, docx, txt by their content. Left unbound it goes after three days."""
    return _take(request, file, kind, caption, attachments.hold)


@routes.read(PATH, StoredFile)
def get_file(request, number: Number):
    """What is known of one file."""
    actor = calls.caller(request)
    return _answer(attachments.get_file(number, actor), actor)


@routes.download(f"{PATH}/content", summary="The bytes of a file")
def get_file_content(request, number: Number):
    """The file itself, to be saved."""
    file = attachments.get_file(number, calls.caller(request))
    return _bytes(file.number, file.media_type, file.name)


@routes.download(f"{PATH}/thumbnail", summary="A small copy of a picture")
def get_file_thumbnail(request, number: Number):
    """A JPEG of at most 360 pixels; 404 for what is no picture."""
    file = attachments.get_file(number, calls.caller(request))
    if not file.is_picture:
        raise NotFound(_("这个附件不是图片"))
    return _bytes(file.number, "image/jpeg", file.name, files.THUMB)


def _bytes(number: str, media_type: str, name: str, ending: str = "") -> HttpResponse:
    path = blobs.path_of(number, ending)
    if not path.is_file():
        raise NotFound(_("文件内容丢失，请通知管理员运行检查"), code="file_lost")
    response = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=media_type)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _bind(file, body: BindFile, *, actor: Actor, at, version):
    attachments.bind_one(file, noun=body.noun, number=body.document, actor=actor, at=at, version=version)
    return attachments.get_file(file.number, actor)


def _describe(file, body: DescribeFile, *, actor: Actor, at, version):
    inputs = {} if body.kind is None else {"kind_of": body.kind}
    if "caption" in body.model_fields_set:
        inputs["caption"] = body.caption
    return attachments.describe(file, actor=actor, at=at, version=version, **inputs)


def _remove(file, body: RemoveFile, *, actor: Actor, at, version):
    return attachments.remove(file, reason=body.reason, actor=actor, at=at, version=version)


add_moves(
    routes, FILE, path=PATH, noun="file", answers=StoredFile, get=attachments.get_file, answer=_answer,
    bodies={"bind": BindFile, "describe": DescribeFile, "remove": RemoveFile},
    performs={"bind": _bind, "describe": _describe, "remove": _remove},
)


def _add_parent(noun: str, path: str, name: str) -> None:
    def listed(request, number: Number):
        """Its files, oldest first."""
        actor = calls.caller(request)
        _parent, subject = attachments.find_parent(noun, number, actor)
        return {"items": FileRow.many(attachments.list_of(subject, actor=actor), actor)}

    def handed_in(request, number: Number, file: File[UploadedFile], kind: KindOfFile | None = KIND, caption: Caption = CAPTION):
        """`multipart/form-data` with `file`, `kind`, `caption`; at most 20 MB: JPEG, PNG, WebP, PDF, xlsx, docx, txt by
        their content. A repeat with the same key answers the same file."""

        def keep(prepared, **inputs):
            return attachments.attach(prepared, noun=noun, number=number, **inputs)

        return _take(request, file, kind, caption, keep)

    listed.__name__, handed_in.__name__ = f"list_{name}_files", f"create_{name}_file"
    shown = name.replace("_", " ")
    routes.read(f"{path}/{{number}}/files", FileRows, summary=f"Files: {shown}")(listed)
    routes.upload(f"{path}/{{number}}/files", StoredFile, summary=f"Hand in a file: {shown}")(handed_in)


for _noun, (_path, _name) in _PARENTS.items():
    _add_parent(_noun, _path, _name)
