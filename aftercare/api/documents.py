"""The finishing of the OpenAPI document: what the framework leaves out."""

from aftercare.api import problems

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


def finished(document: dict) -> dict:
    """The framework's document with problem media types, response headers and cleaned parameters."""
    for path in document["paths"].values():
        for operation in path.values():
            for status, response in operation["responses"].items():
                _finish_response(int(status), response, operation)
    document["servers"] = document.get("servers") or [{"url": "/"}]
    document["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    document["paths"] = dict(sorted(document["paths"].items()))
    document["components"]["schemas"] = dict(sorted(document["components"]["schemas"].items()))
    return document


def _finish_response(status: int, response: dict, operation: dict) -> None:
    if status >= 400:
        response["content"] = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        return
    headers = {"X-Request-ID": {"schema": {"type": "string"}, "description": "Id of the request in the server's log."}}
    names = {parameter["name"] for parameter in operation.get("parameters", ())}
    if "Idempotency-Key" in names:
        headers["Idempotency-Replayed"] = {"schema": {"type": "string", "enum": ["true"]},
                                           "description": "Given when this answer was stored before."}
    if "If-Match" in names:
        headers["ETag"] = {"schema": {"type": "string"}, "description": "The row's version."}
    response["headers"] = headers
