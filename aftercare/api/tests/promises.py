"""What every subject of the API keeps: a subject's test names its data and inherits the promises."""

import json
import uuid
from typing import Any, ClassVar

from django.test import TestCase

from aftercare.api.tests.caller import done, problem
from aftercare.api.tests.world import found_world


class WorldCase(TestCase):
    """Tests that share one small company; what each does is rolled back."""

    @classmethod
    def setUpTestData(cls):
        cls.world = found_world()


class SubjectPromises:
    """Lists, details, creations and edits of one subject.

    `who` may do everything here; `path` is the list's address. `make` gives the body of a valid creation,
    `change` a valid edit, `filters` queries of the list with whether the made row is among the answers.
    """

    who: ClassVar[str] = "administrator"
    path: ClassVar[str]
    key: ClassVar[str] = "number"
    change: ClassVar[dict[str, Any] | None] = None
    created: ClassVar[int] = 201

    def make(self, world, n: int) -> dict:
        raise NotImplementedError

    def filters(self, world, row: dict) -> list[tuple[dict, bool]]:
        return []

    def made(self, n: int = 1) -> dict:
        world = self.world
        return done(world.call(self.who).post(self.path, self.make(world, n)), self.created)

    def address(self, row: dict) -> str:
        return f"{self.path}/{row[self.key]}"

    def test_creation_needs_a_key(self):
        world = self.world
        problem(world.call(self.who).post(self.path, self.make(world, 1), key=None), 400, "idempotency_key_required")

    def test_creation_is_done_once(self):
        world = self.world
        caller, key = world.call(self.who), uuid.uuid4().hex
        first = caller.post(self.path, self.make(world, 1), key=key)
        body = done(first, self.created)
        assert first["Location"] == f"/api/v1{self.address(body)}"
        again = caller.post(self.path, self.make(world, 1), key=key)
        assert again.content == first.content
        assert again["Location"] == first["Location"]
        assert again["Idempotency-Replayed"] == "true"
        assert "Idempotency-Replayed" not in first
        other = self.make(world, 2)
        problem(caller.post(self.path, other, key=key), 409, "idempotency_key_reused")

    def test_unknown_fields_are_refused(self):
        world = self.world
        body = problem(world.call(self.who).post(self.path, self.make(world, 1) | {"surprise": 1}), 422, "invalid")
        assert body["errors"] == [{"field": "surprise", "code": "extra_forbidden", "message": "没有这个字段"}]

    def test_creation_needs_permission(self):
        world = self.world
        response = world.call("nobody").post(self.path, self.make(world, 1))
        assert response.status_code in (403, 404), response.content

    def test_the_clock_cannot_be_turned_without_right(self):
        world = self.world
        body = self.make(world, 1) | {"at": "2026-01-02T03:04:05+08:00"}
        response = world.call("nobody").post(self.path, body)
        assert response.status_code in (403, 404)
        if self.who == "clerk":
            problem(world.call("clerk").post(self.path, body), 403, "backdating_not_allowed")
        done(world.call("administrator").post(self.path, body), self.created)
        problem(world.call("administrator").post(self.path, self.make(world, 2) | {"at": "2099-01-02T03:04:05Z"}), 422, "future_time")

    def test_detail_tells_its_version(self):
        world = self.world
        row = self.made()
        response = world.call(self.who).get(self.address(row))
        body = done(response)
        assert response["ETag"] == f'"{body["version"]}"'
        assert body[self.key] == row[self.key]

    def test_what_is_not_there_is_404(self):
        world = self.world
        missing = "999999999" if self.key == "id" else "NOSUCH"
        problem(world.call(self.who).get(f"{self.path}/{missing}"), 404)

    def test_list_needs_permission(self):
        world = self.world
        problem(world.call("nobody").get(self.path), 403, "not_allowed")

    def test_list_walks_by_cursor(self):
        world = self.world
        for n in range(1, 6):
            self.made(n)
        caller = world.call(self.who)
        everything = [row[self.key] for row in done(caller.get(self.path, limit=200))["items"]]
        assert len(everything) >= 5
        assert len(set(everything)) == len(everything)
        walked, cursor = [], ""
        while cursor is not None:
            page = done(caller.get(self.path, limit=2, cursor=cursor) if cursor else caller.get(self.path, limit=2))
            walked += [row[self.key] for row in page["items"]]
            cursor = page["next"]
        assert walked == everything

    def test_list_refuses_what_it_does_not_know(self):
        world = self.world
        caller = world.call(self.who)
        problem(caller.get(self.path, surprise="1"), 400, "unknown_parameter")
        problem(caller.get(self.path, limit="201"), 422, "invalid")
        problem(caller.get(self.path, cursor="nonsense"), 422, "bad_cursor")

    def test_filters(self):
        world = self.world
        row = self.made()
        caller = world.call(self.who)
        for query, among in self.filters(world, row):
            items = done(caller.get(self.path, **query))["items"]
            assert (row[self.key] in [item[self.key] for item in items]) is among, query

    def test_edits_need_the_newest_version(self):
        world = self.world
        if self.change is None:
            self.skipTest("nothing to edit")
        row = self.made()
        caller = world.call(self.who)
        address = self.address(row)
        problem(caller.patch(address, self.change), 428, "version_required")
        problem(caller.patch(address, self.change, version=row["version"] + 7), 412, "stale_version")
        response = caller.patch(address, self.change, version=row["version"])
        body = done(response)
        assert body["version"] > row["version"]
        assert response["ETag"] == f'"{body["version"]}"'
        for name, value in self.change.items():
            assert body[name] == value
        problem(caller.patch(address, self.change, version=row["version"]), 412, "stale_version")
        assert json.loads(caller.get(address).content)["version"] == body["version"]
