"""The finishing of the OpenAPI document: what the framework leaves out."""

from http import HTTPStatus

from pydantic.json_schema import models_json_schema

from aftercare.api import problems
from aftercare.api.problems import Problem
from aftercare.api.routes import BYTES, DOCUMENTED, Documented

DESCRIPTION = """
The API of Aftercare. Pages and API call the same actions, so a rule that holds here holds there.

**Sign-in.** `Authorization: Bearer <token>`; tokens are made on the page *接口令牌* or by `aftercare token NUMBER`.

**Writes** need an `Idempotency-Key`. A repeat with the same key answers what was answered first, with the header
`Idempotency-Replayed: true`; the same key with another request is 409 `idempotency_key_reused`. A refused write
changes nothing and its key may be used again.

**Versions.** Rows carry `version` and `ETag`. Edits (`PATCH`) need `If-Match` (428 without, 412 when stale);
moves take it where the caller wants to be sure.

**Moves.** Every change of state is `POST …/{number}/{move}`. A detail answer lists under `moves` those that are open
to the caller. `at` says when something really happened and needs the permission `journal.backdate`.

**Lists** answer `{items, next, previous}`; follow `next` as `cursor`. Nothing is counted.

**Values.** Amounts and quantities are decimal text, instants RFC 3339 in UTC, days `YYYY-MM-DD` local to the branch.

**Problems** are RFC 9457 documents. `code` is stable; `title` and `detail` follow `Accept-Language`
(zh-Hans, zh-Hant, en).
""".strip()


_REFERENCE = "#/components/schemas/{model}"


def finished(document: dict, *, tags: list[str]) -> dict:
    """The framework's document with answers, problems, response headers, all of them told once."""
    rows = sorted({told.answers for told in DOCUMENTED.values()} | {Problem}, key=lambda row: row.__name__)
    references, defined = models_json_schema([(row, "serialization") for row in rows], ref_template=_REFERENCE)
    schemas = document["components"]["schemas"] | defined["$defs"]
    for path in document["paths"].values():
        for operation in path.values():
            told = DOCUMENTED[operation["operationId"]]
            schema = references[told.answers, "serialization"]
            if told.is_page:
                schemas[f"{told.answers.__name__}Page"] = _page(schema)
                schema = {"$ref": _REFERENCE.format(model=f"{told.answers.__name__}Page")}
            operation["responses"] = _responses(told, schema, operation)
    document["servers"] = document.get("servers") or [{"url": "/"}]
    document["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    document["tags"] = [{"name": tag} for tag in tags]
    document["paths"] = dict(sorted(document["paths"].items()))
    document["components"]["schemas"] = dict(sorted(schemas.items()))
    return document


def _page(row: dict) -> dict:
    cursor = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    return {
        "type": "object", "description": "A page of rows; follow `next` as `cursor`.",
        "properties": {"items": {"type": "array", "items": row}, "next": cursor, "previous": cursor},
        "required": ["items", "next", "previous"],
    }


def _responses(told: Documented, schema: dict, operation: dict) -> dict:
    headers = {"X-Request-ID": {"schema": {"type": "string"}, "description": "Id of the request in the server's log."}}
    names = {parameter["name"] for parameter in operation.get("parameters", ())}
    if "Idempotency-Key" in names:
        headers["Idempotency-Replayed"] = {"schema": {"type": "string", "enum": ["true"]},
                                           "description": "Given when this answer was stored before."}
    if "version" in told.answers.model_fields and not told.is_page:
        headers["ETag"] = {"schema": {"type": "string"}, "description": "The row's version."}
    if told.status == 201:
        headers["Location"] = {"schema": {"type": "string"}, "description": "Address of what was made."}
    problem = {problems.MEDIA_TYPE: {"schema": {"$ref": _REFERENCE.format(model="Problem")}}}
    content = {"application/json": {"schema": schema}}
    if operation["operationId"] in BYTES:
        content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    return {
        str(told.status): {"description": HTTPStatus(told.status).phrase, "headers": headers, "content": content},
        **{str(code): {"description": HTTPStatus(code).phrase, "content": problem} for code in told.refuses},
    }
