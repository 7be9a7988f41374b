"""What every address keeps: problem documents, methods, formats, sizes, languages."""

import json
import sys

import jsonschema_rs
import pytest
from django.middleware.csrf import _get_new_csrf_string
from django.test import Client
from pydantic import BaseModel

from aftercare.api import calls, late, problems
from aftercare.api.app import api
from aftercare.api.tests.world import found_world
from aftercare.domain.people import actions as people

pytestmark = pytest.mark.django_db


def problem_of(response, status, code):
    assert response.status_code == status, response.content
    assert response["Content-Type"] == problems.MEDIA_TYPE
    body = json.loads(response.content)
    assert body["code"] == code
    assert body["status"] == status
    assert body["instance"] == f"urn:request:{response['X-Request-ID']}"
    assert body["title"]
    assert body["detail"]
    return body


def test_health_needs_no_sign_in(client: Client):
    response = client.get("/api/v1/health")
    assert response.status_code == 200
    assert response.json()["status"] == "ok"
    assert response["Cache-Control"] == "no-store"


def test_head_is_answered_like_get(client: Client):
    assert client.head("/api/v1/health").status_code == 200


def test_no_sign_in_is_401(client: Client):
    response = client.get("/api/v1/me")
    problem_of(response, 401, "not_authenticated")
    assert response["WWW-Authenticate"] == "Bearer"


def test_unknown_address_is_a_problem(client: Client):
    problem_of(client.get("/api/v1/nothing/here"), 404, "no_such_address")
    problem_of(client.get("/api/v1/"), 404, "no_such_address")


def test_wrong_method_names_the_right_ones(client: Client):
    response = client.delete("/api/v1/health")
    problem_of(response, 405, "method_not_allowed")
    assert "GET" in response["Allow"]


def test_other_formats_are_not_answered(client: Client):
    problem_of(client.get("/api/v1/health", headers={"Accept": "text/csv"}), 406, "not_acceptable")
    assert client.get("/api/v1/health", headers={"Accept": "text/csv, */*;q=0.1"}).status_code == 200


def test_large_body_is_refused(client: Client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    response = client.post("/api/v1/health", data="{}" * 10, content_type="application/json")
    problem_of(response, 413, "too_large")


def test_forms_are_refused(client: Client):
    problem_of(client.post("/api/v1/health", data={"a": 1}), 415, "unsupported_media_type")


def test_unknown_parameter_is_refused(client: Client):
    body = problem_of(client.get("/api/v1/health?stauts=open"), 400, "unknown_parameter")
    assert body["field"] == "stauts"


@pytest.mark.parametrize(("asked", "title", "detail"), [
    ("zh-Hans", "没有找到", "没有这个接口地址"),
    ("zh-CN,zh;q=0.9", "没有找到", "没有这个接口地址"),
    ("zh-TW", "沒有找到", "沒有這個介面地址"),
    ("en-GB,en;q=0.8,zh;q=0.5", "Not found", "There is no such API address"),
    ("fr", "没有找到", "没有这个接口地址"),
])
def test_language_follows_the_header(client: Client, asked, title, detail):
    problem = client.get("/api/v1/nothing", headers={"Accept-Language": asked}).json()
    assert (problem["title"], problem["detail"]) == (title, detail)


def test_what_is_unforeseen_tells_nothing(monkeypatch):
    def fail(_request):
        raise RuntimeError("the secret")

    monkeypatch.setattr(calls, "caller", fail)
    monkeypatch.setattr("aftercare.api.auth.BearerToken.__call__", lambda self, request: object())
    client = Client(raise_request_exception=False)
    response = client.get("/api/v1/me")
    problem_of(response, 500, "internal_error")
    assert "secret" not in response.content.decode()


def test_docs_come_from_the_package(client: Client):
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    text = page.content.decode()
    assert "http://" not in text and "https://" not in text
    assert "<script>" not in text
    for script in ("swagger-ui-bundle.js", "swagger-ui-init.js", "swagger-ui.css"):
        found = client.get(f"/static/ninja/{script}")
        assert found.status_code == 200


def test_no_write_lacks_its_key():
    operations = [
        (path, op)
        for router in api._get_bound_routers()
        for path, view in router.path_operations.items()
        for op in view.operations
    ]
    assert operations
    for path, operation in operations:
        writes = bool({"POST", "PUT", "PATCH", "DELETE"} & set(operation.methods))
        assert operation.view_func.is_done_once is writes, path
        parameters = {p["name"] for p in (operation.openapi_extra or {}).get("parameters", ())}
        assert ("Idempotency-Key" in parameters) is writes, path
        assert ("If-Match" in parameters) or "PATCH" not in operation.methods, path


def test_no_two_schemas_share_a_name():
    # The document would quietly describe one by the other.
    seen: dict[str, type] = {}
    for name, module in sorted(sys.modules.items()):
        if name.startswith("aftercare.api.") and ".tests." not in name:
            for kind in vars(module).values():
                if isinstance(kind, type) and issubclass(kind, BaseModel) and kind.__module__.startswith("aftercare.api"):
                    assert seen.setdefault(kind.__name__, kind) is kind, (kind, seen[kind.__name__])


def test_a_route_makes_its_parameter_models_when_it_is_first_asked():
    def view(request, number: str):
        """Nothing."""

    later = late.LateSignature("/things/{number}", view)
    assert later._made is None and later.docstring == "Nothing."
    assert [model.__ninja_param_source__ for model in later.models] == ["path"]
    assert later.made() is later.made() and len(later.models) == 1


def test_the_document_is_openapi(client: Client):
    document = client.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    ids = [op["operationId"] for path in document["paths"].values() for op in path.values()]
    assert len(ids) == len(set(ids))
    for path in document["paths"].values():
        for operation in path.values():
            assert operation["tags"]
            assert operation["summary"]
    for schema in document["components"]["schemas"].values():
        jsonschema_rs.meta.validate(schema)
    assert {"BearerToken", "SessionCookie"} <= set(document["components"]["securitySchemes"])
    assert document["components"]["schemas"]["Problem"]["required"]


def test_our_own_pages_call_with_session_and_csrf_token(db):
    world = found_world()
    account = people.create_account(world.clerk, password="lamp-Shade-72-oak", **world.by)
    client = Client(enforce_csrf_checks=True)
    client.force_login(account)
    assert client.get("/api/v1/me").json()["name"] == world.clerk.name
    body = {"data": json.dumps({"name": "张三"}), "content_type": "application/json"}
    key = {"Idempotency-Key": "k1"}
    problem_of(client.post("/api/v1/customers", **body, headers=key), 403, "csrf_failed")
    token = _get_new_csrf_string()
    client.cookies["csrftoken"] = token
    made = client.post("/api/v1/customers", **body, headers={**key, "X-CSRFToken": token})
    assert made.status_code == 201, made.content
