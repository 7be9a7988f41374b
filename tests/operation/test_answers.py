"""Health, metrics, headers, logs."""

import json
import logging

import pytest
from django.db import DatabaseError

from aftercare.config import logs


@pytest.mark.both
@pytest.mark.django_db
def test_health_writes_and_takes_it_back(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"


@pytest.mark.django_db
def test_health_fails_when_the_database_refuses(client, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise DatabaseError("disk full")

    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", refuse)
    answer = client.get("/health")
    assert answer.status_code == 503
    assert "disk full" not in answer.content.decode()


@pytest.mark.django_db
def test_metrics_are_for_this_machine_only(client):
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.7").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 404


@pytest.mark.django_db
def test_every_answer_carries_strict_headers_and_an_id(client):
    answer = client.get("/health", headers={"X-Request-ID": "proxy-0001"})
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy and "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Request-ID"] == "proxy-0001"
    assert client.get("/health", headers={"X-Request-ID": "a b\n"}).headers["X-Request-ID"] != "a b\n"


def test_a_log_line_is_one_json_object():
    record = logging.makeLogRecord({"name": "aftercare", "msg": "收到 %s", "args": ("一\n二",), "ms": 3})
    line = logs.JsonFormatter().format(record)
    assert "\n" not in line
    assert json.loads(line)["message"] == "收到 一\n二"
    assert json.loads(line)["ms"] == 3
