"""The crash proof notices what it must notice: lost writes, writes made twice, answers that differ."""

import io

import pytest

from bench.prove import _crash_calls
from bench.prove._crash_calls import Client, Gate, Write, judge


def write(there: int, status: int | None) -> Write:
    """A write found that many times, answered so."""
    return Write("receive", "/x", {}, lambda: there, answer=None if status is None else (status, "{}"))


@pytest.mark.parametrize(
    "there, status, wrong",
    [
        (1, 201, False),
        (0, 201, True),
        (2, 201, True),
        (0, None, False),
        (1, None, False),
        (2, None, True),
        (100, None, True),
    ],
)
def test_while_the_server_is_dead_the_acknowledged_is_there_once_and_the_rest_not_twice(there, status, wrong):
    assert bool(judge([write(there, status)], after=False)) is wrong


def test_at_the_end_every_write_must_be_acknowledged():
    assert judge([write(1, None)], after=True) and judge([write(1, 409)], after=True)
    assert judge([write(1, 200)], after=True) == []


def test_a_write_made_without_an_answer_is_remembered():
    lost, refused = write(1, None), write(0, None)
    judge([lost, refused], after=False)
    assert lost.was_there and not refused.was_there


class Line:
    """A connection to a server that dies at the first request and answers from then on."""

    asked: list = []

    def __init__(self, *_where, **_options) -> None:
        pass

    def request(self, _method, path, *, body, headers) -> None:
        """Die, or take it."""
        self.asked.append(headers["Idempotency-Key"])
        if len(self.asked) == 1:
            raise ConnectionResetError

    def getresponse(self):
        """An answer; the first one is a replay when the second is asked for."""
        answer = io.BytesIO(b"{}" if self.same else str(len(self.asked)).encode())
        answer.status, answer.headers = 201, {"Idempotency-Replayed": "true"} if len(self.asked) > 2 else {}
        return answer


@pytest.mark.parametrize("same", [True, False])
def test_what_got_no_answer_is_repeated_with_its_key_and_must_be_answered_alike_twice(monkeypatch, same):
    gate, made = Gate(), write(1, None)
    monkeypatch.setattr(_crash_calls.http.client, "HTTPConnection", type("Line", (Line,), {"asked": [], "same": same}))
    client = Client(gate, [], token="t", seed=1)
    monkeypatch.setattr(gate, "pass_through", lambda dead=None: 2 if dead else 1)
    client._deliver(made)
    assert made.lost == 1 and made.is_acknowledged
    assert set(_crash_calls.http.client.HTTPConnection.asked) == {made.key}
    assert bool(client.failed) is not same
