"""Clients of the crash proof: stories of writes with idempotency keys, repeated until answered, and what became of each write."""

from __future__ import annotations

import http.client
import json
import random
import threading
import uuid
from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace

PATIENCE = 90


@dataclass
class Write:
    """One intended write: what is sent, how often it got no answer, and what was answered. `count()` looks for its effect.

    `was_there`: it got no answer although it was made.
    """

    name: str
    path: str
    body: dict
    count: Callable[[], int]
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    lost: int = 0
    was_there: bool = False
    answer: tuple[int, str] | None = None

    @property
    def is_acknowledged(self) -> bool:
        """Whether the server said that it is done."""
        return self.answer is not None and 200 <= self.answer[0] < 300


Story = Generator[Write, dict, None]


def judge(writes: list[Write], *, after: bool) -> list[str]:
    """What is wrong with these writes: each acknowledged one must be there once, any other once or not at all.

    `after`: all was repeated until it was answered, so that each must be acknowledged.
    """
    wrong = []
    for write in writes:
        there = write.count()
        write.was_there |= bool(there) and not write.is_acknowledged
        if write.is_acknowledged and there != 1:
            wrong.append(f"{write.name} {write.key}: acknowledged, and {there} times there")
        elif there > 1:
            wrong.append(f"{write.name} {write.key}: not acknowledged, and {there} times there")
        elif after and not write.is_acknowledged:
            wrong.append(f"{write.name} {write.key}: never acknowledged ({write.answer})")
    return wrong


class Gate:
    """Tells clients when a server is up, and the proof when all of them wait for one."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._port: int | None = None
        self._waiting = self._clients = 0

    def open(self, port: int) -> None:
        """A server answers on that port."""
        with self._changed:
            self._port = port
            self._changed.notify_all()

    def shut(self) -> None:
        """It was killed."""
        with self._changed:
            self._port = None

    def enter(self) -> None:
        """A client more."""
        with self._changed:
            self._clients += 1

    def leave(self) -> None:
        """A client less."""
        with self._changed:
            self._clients -= 1
            self._changed.notify_all()

    def pass_through(self, dead: int | None = None) -> int:
        """Wait for a server (another than the `dead` one); gives its port."""
        with self._changed:
            self._waiting += 1
            self._changed.notify_all()
            try:
                if not self._changed.wait_for(lambda: self._port not in (None, dead), timeout=PATIENCE):
                    raise TimeoutError("no server came back")
                return self._port
            finally:
                self._waiting -= 1

    def await_all(self) -> None:
        """Wait until every client found out that the server is gone."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._waiting == self._clients, timeout=PATIENCE):
                raise TimeoutError("clients hang on a dead server")


class Client(threading.Thread):
    """Tells one story after the other until `stop`; what got no answer is sent again with the same key."""

    def __init__(self, gate: Gate, stories: list[Callable[[], Story]], *, token: str, seed: int) -> None:
        super().__init__(daemon=True)
        self.gate, self.stories, self.token = gate, stories, token
        self.random = random.Random(seed)
        self.writes: list[Write] = []
        self.failed: list[str] = []
        self.stop = threading.Event()
        self._port: int | None = None
        self._connection: http.client.HTTPConnection | None = None
        gate.enter()

    def run(self) -> None:
        """Until stopped; the story in hand is told to its end."""
        try:
            while not self.stop.is_set():
                self._tell(self.random.choice(self.stories)())
        except Exception as error:
            self.failed.append(f"a client broke off: {type(error).__name__}: {error}")
        finally:
            self.gate.leave()

    def _tell(self, story: Story) -> None:
        write = next(story)
        while True:
            self.writes.append(write)
            self._deliver(write)
            if not write.is_acknowledged:
                self.failed.append(f"{write.name}: {write.answer}")
                return
            try:
                write = story.send(json.loads(write.answer[1]))
            except StopIteration:
                return

    def _deliver(self, write: Write) -> None:
        write.answer, _ = self._insist(write)
        if write.lost:
            again, replayed = self._insist(write)
            if again != write.answer or not replayed:
                self.failed.append(f"{write.name} {write.key}: two answers to one key: {write.answer} and {again}")

    def _insist(self, write: Write) -> tuple[tuple[int, str], bool]:
        """Send it until there is an answer, to whichever server is up."""
        while True:
            try:
                return self._send(write)
            except (OSError, http.client.HTTPException):
                write.lost += write.answer is None
                self._connection = None
                self._port = self.gate.pass_through(dead=self._port)

    def send_careless(self, write: Write) -> None:
        """Once more and under another key: what a caller must not do."""
        self._send(replace(write, key=uuid.uuid4().hex))

    def _send(self, write: Write) -> tuple[tuple[int, str], bool]:
        if self._connection is None:
            self._port = self._port or self.gate.pass_through()
            self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": write.key, "Content-Type": "application/json"}
        self._connection.request("POST", "/api/v1" + write.path, body=json.dumps(write.body), headers=headers)
        answer = self._connection.getresponse()
        return (answer.status, answer.read().decode()), answer.headers.get("Idempotency-Replayed") == "true"
