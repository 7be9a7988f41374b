"""Whatever fits the OpenAPI document is answered as it declares, and never by a failure of the server.

Run with `AFTERCARE_FUZZ=20`, the number of calls drawn for each operation: a minute for each three of them.
"""

import json
import os
import uuid
from collections import Counter
from urllib.parse import quote

import pytest
import schemathesis
from django.db import transaction
from django.test import TestCase
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from aftercare.api.tests.caller import check, document, done
from aftercare.api.tests.test_work import StockedCase

CASES = int(os.environ.get("AFTERCARE_FUZZ", "0"))
UNHURRIED = settings(max_examples=CASES or 1, deadline=None, database=None, suppress_health_check=list(HealthCheck),
                     phases=[Phase.generate], derandomize=True)


@pytest.mark.slow
@pytest.mark.skipif(not CASES, reason="AFTERCARE_FUZZ says how many calls to draw")
class TestAnything(StockedCase, TestCase):
    def test_every_operation_answers_as_declared(self):
        world = self.world
        call = world.call("administrator")
        call.client.raise_request_exception = False
        self.known = self._known_numbers()
        self.client, self.answers, self.faults = call.client, Counter(), []
        for found in schemathesis.openapi.from_dict(document()).get_all_operations():
            operation = found.ok()
            run = given(case=operation.as_strategy(), real=st.booleans())(self._play)
            UNHURRIED(run)()
        assert self.faults == []
        assert self.answers[200] > 20

    def _known_numbers(self) -> dict:
        clerk, admin, customer = self.world.call("clerk"), self.world.call("administrator"), self.world.customer.number
        repair = {"customer": customer, "product": "KFR-35GW", "title": "坏", "lines": [{"part": "P-001", "qty": "1"}]}
        order = done(admin.post("/repairs", repair), 201)["order"]["number"]
        return {
            "customers": customer, "assets": self.world.asset.number, "employees": "E003", "branches": "N", "roles": "clerk",
            "work-types": "repair", "places": self.world.depot.code, "work-orders": order, "repairs": order,
            "contacts": done(clerk.post("/contacts", {"kind": "repair", "customer": customer}), 201)["number"],
            "custodies": done(clerk.post("/custodies", {"customer": customer, "item": "锅"}), 201)["number"],
        }

    def _play(self, case, real: bool) -> None:
        """One drawn call, undone at once; half of them about things that are there."""
        inputs, noun = dict(case.path_parameters or {}), case.path.split("/")[3]
        if real and noun in self.known:
            inputs = {name: self.known[noun] if name in ("number", "code") else value for name, value in inputs.items()}
        path = case.path
        for name, value in inputs.items():
            path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
        body = {}
        if isinstance(case.body, dict | list | str | int | float | bool):
            body = {"data": json.dumps(case.body), "content_type": "application/json"}
        headers = {"Idempotency-Key": uuid.uuid4().hex, "If-Match": '"1"'}
        mark = transaction.savepoint()
        response = self.client.generic(case.method.upper(), path, **body, headers=headers,
                                       query_params=dict(case.query or {}) or None)
        transaction.savepoint_rollback(mark)
        self.answers[response.status_code] += 1
        if b"no_such_address" in response.content:  # a drawn number with a slash is another address
            return
        try:
            assert response.status_code < 500
            check(case.method.upper(), path, response)
        except AssertionError as fault:
            self.faults.append((case.method, path, case.query, body, str(fault)[:500]))
