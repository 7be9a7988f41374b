"""Classes, idle stock, turnover and the value of a past day on pages."""

import datetime as dt
from decimal import Decimal

import pytest

from aftercare.domain.catalog import actions as catalog
from aftercare.domain.inventory import actions as stock
from aftercare.web.tests.office import key


@pytest.fixture
def part(office):
    found = catalog.create_part(name="电容", code="C1", **office.make)
    stock.receive(stock.ensure_depot(office.branch.pk, **office.make), lines=[(found.pk, Decimal(10), Decimal("4.321"))], **office.make)
    return found


def test_classes_are_computed_shown_and_exported(admin, office, part):
    assert "还没有分类" in admin.get("/part-classes/matrix/").content.decode()
    done = admin.post("/part-classes/compute", {"branch": office.branch.pk, **key()})
    assert done.status_code == 303
    told = admin.get(done["Location"]).content.decode()
    assert "CZ" in told and "怎么算的" in told and "¥43.21" in told
    assert admin.post("/part-classes/compute", {"branch": "x", **key()}).status_code == 404
    month = f"{dt.date.today():%Y-%m}"
    for query, found in ((f"?abc=C&xyz=Z&branch={office.branch.pk}&month={month}", True), ("?abc=A", False), ("?month=x", False), ("?q=C1", True)):
        assert ("电容" in admin.get(f"/part-classes/{query}").content.decode()) == found
    assert admin.get("/part-classes/export.xlsx").status_code == 200
    assert "CZ" in admin.get(f"/parts/{part.pk}/").content.decode()


def test_idle_stock_turnover_and_past_days_tell_value(admin, office, part):
    told = admin.get("/reports/slow-movers/?days=0").content.decode()
    assert "电容" in told and "43.21" in told
    assert "没有闲置的配件" in admin.get("/reports/slow-movers/?what=dead").content.decode()
    for page in ("/reports/stock-turnover/", "/reports/stock-turnover/?group=place&since=2026-13-01", f"/reports/slow-movers/?branch={office.branch.pk}"):
        assert admin.get(page).status_code == 200
    for page in ("slow-movers", "stock-turnover"):
        assert admin.get(f"/reports/{page}/export.xlsx").status_code == 200
    day = dt.date.today() + dt.timedelta(days=1)
    assert "¥43.21" in admin.get(f"/stock/day/?day={day}").content.decode()
    assert office.sign_in(type(admin)(), office.clerk).get("/part-classes/matrix/").status_code == 403
