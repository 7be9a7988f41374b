"""A transfer through the pages: asked for by an outlet, let go and sent by the depot, received short, settled."""

import re
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftercare.domain.inventory import actions as inventory
from aftercare.domain.people import actions as people
from aftercare.domain.purchasing import queries
from aftercare.domain.purchasing.tests.supply import NOW, Supply
from aftercare.web.tests.office import PASSWORD, Office, key

pytestmark = pytest.mark.django_db


def _text(response) -> str:
    return re.sub(r"<[^>]+>", " ", response.content.decode())


def test_goods_go_to_an_outlet_and_what_is_missing_is_settled(client):
    supply = Supply()
    inventory.receive(supply.depot, lines=[(supply.a.pk, D(10), D(200))], **NOW)
    for name in ("keeper", "outlet"):
        people.create_account(supply.staff[name], password=PASSWORD, **NOW)
    outlet = Office.sign_in(None, client, supply.staff["outlet"])
    form = {"to_place": supply.shelf.pk, "part0": "压缩机", "part0_id": supply.a.pk, "qty0": "4", "remark": "旺季"}
    assert outlet.post("/transfers/new/", form | {"qty0": ""} | key()).status_code == 422
    here = outlet.post("/transfers/new/", form | key())["Location"]
    assert "旺季" in _text(outlet.get(here)) and outlet.get(f"{here}approve/").status_code == 403
    keeper = Office.sign_in(None, client, supply.staff["keeper"])
    transfer, = queries.list_transfers(supply.keeper)
    line, = queries.transfer_lines_of(transfer)
    refused = keeper.post(f"{here}approve/", {f"qty-{line.pk}": "5", "reason": "多给"} | key())
    assert refused.status_code == 422 and "多给" in refused.content.decode()
    assert keeper.post(f"{here}approve/", {f"qty-{line.pk}": "3"} | key()).status_code == 303
    assert keeper.post(f"{here}ship/", {f"qty-{line.pk}": "3"} | key()).status_code == 303
    lot, = queries.transfer_lots_of(transfer)
    outlet = Office.sign_in(None, client, supply.staff["outlet"])
    assert outlet.post(f"{here}receive/", {f"received_qty-{lot.pk}": "1", f"damaged_qty-{lot.pk}": "1", f"reason-{lot.pk}": "压坏"} | key()).status_code == 303
    assert "还有短少或破损没有处理" in _text(outlet.get(here))
    keeper = Office.sign_in(None, client, supply.staff["keeper"])
    for address in ("/transfers/", here, f"{here}settle/", f"{here}print/", "/transfers/new/"):
        with CaptureQueriesContext(connection) as asked:
            assert keeper.get(address).status_code == 200
        assert len(asked) <= 17, f"{address}: {len(asked)}"
    assert keeper.post(f"{here}settle/", {f"bearer-{lot.pk}": "carrier", f"reason-{lot.pk}": "途中丢失"} | key()).status_code == 303
    assert "承运人 途中丢失" in _text(keeper.get(here))
    assert b"".join(keeper.get("/transfers/export.xlsx?tab=all").streaming_content)[:2] == b"PK"
