"""Contracts and claims on pages: each answers within its statements, forms keep what was typed, journeys end on the document."""

import datetime as dt
from decimal import Decimal as D

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftercare.domain.assets import actions as assets
from aftercare.domain.catalog import actions as catalog
from aftercare.domain.entitlement import actions, queries
from aftercare.domain.parties import actions as parties
from aftercare.foundation import clock
from aftercare.web.tests.office import SYSTEM, key

TODAY = clock.local_day(clock.now(), "Asia/Shanghai")


@pytest.fixture
def shop(office):
    """A customer with a unit of a brand that its maker reimburses."""
    make = office.make
    shop = type("Shop", (), {})()
    shop.product, _m = catalog.ensure_product("挂机 35", category_name="空调", brand="清风", **make)
    shop.customer = parties.create_customer(name="浦江科技", kind="company", phone="02155550000", branch_id=office.branch.pk, **make)
    shop.unit = assets.register_asset(product=shop.product, serial="QF-1", customer=shop.customer, branch_id=office.branch.pk, **make)
    shop.maker = actions.set_agreement(name="清风电器", brands=["清风"], **make)
    actions.collect_lines([
        {"agreement": shop.maker, "branch_id": office.branch.pk, "source_kind": "work.workorder", "source_id": n, "source_number": f"WO{n}",
         "round": 1, "line": "labour", "kind_of": "labour", "name": "人工费", "account": "warranty_cost", "booked_amount": D(80), "cost_amount": D(80),
         "claimed_amount": D(80), "audited_on": TODAY, "product": shop.product, "asset": shop.unit}
        for n in range(3)
    ])
    return shop


def post(client, address: str, data: dict | None = None, status: int = 303):
    response = client.post(address, (data or {}) | key())
    assert response.status_code == status, response.content.decode()[:3000]
    return response


def test_a_contract_from_the_customers_page_to_its_renewal(admin, shop):
    page = admin.get(f"/contracts/new/?customer={shop.customer.number}&unit={shop.unit.number}").content.decode()
    assert "浦江科技" in page and shop.unit.number in page
    typed = {
        "customer": "浦江科技", "customer_id": shop.customer.number, "name": "全保", "starts_on": (TODAY - dt.timedelta(days=340)).isoformat(),
        "months": "12", "price_amount": "1200", "instalment_count": "4", "every_months": "3", "covers_parts": "on", "covers_labour": "on",
        "respond_hours": "1.5", "quota_visits": "2", "over_use": "schedule", "units": "没有这台",
    }
    refused = post(admin, "/contracts/new/", typed, 422).content.decode()
    assert "没有找到设备：没有这台" in refused and 'value="1200"' in refused
    address = post(admin, "/contracts/new/", typed | {"units": "QF-1"})["Location"]
    contract = queries.list_contracts(SYSTEM).get()
    assert (contract.respond_minutes, contract.covers_travel, contract.branch_id) == (90, False, shop.customer.branch_id)
    post(admin, f"{address}plans/new/", {"title": "季保", "work_type": "深度保养", "first_on": (TODAY + dt.timedelta(days=3)).isoformat(), "every": "1",
                                         "span": "week", "month_day": "0", "holidays": "keep", "lead_days": "1"})
    lines = post(admin, f"{address}instalments/", {"rows": "2026-01-01 1.00"}, 422).content.decode()
    assert "分期合计" in lines and "2026-01-01 1.00" in lines
    post(admin, f"{address}instalments/", {"rows": f"{TODAY} 700.00\n{TODAY} 500"})
    post(admin, f"{address}edit/", {"name": "全保一年", "starts_on": contract.starts_on.isoformat(), "ends_on": contract.ends_on.isoformat(),
                                    "price_amount": "1200.00", "covers_labour": "on", "over_use": "schedule", "quota_visits": "3"})
    post(admin, f"{address}scopes/new/", {"site": "东厂"})
    post(admin, f"{address}moves/activate")
    assert "全保一年" in admin.get("/contracts/?tab=ending").content.decode()
    with CaptureQueriesContext(connection) as statements:
        page = admin.get(address).content.decode()
    assert len(statements) <= 40 and "剩 3 / 3" in page and "深度保养" in page
    for other in (f"{address}print/", f"{address}end/", "/contracts/", "/contracts/?tab=over", "/contracts/?tab=unpaid", "/contracts/?q=浦江",
                  "/contracts/?q=QF-1", "/visits/", "/visits/?visit=month", "/contract-notices/", f"/customers/{shop.customer.number}/",
                  f"/assets/{shop.unit.number}/", f"/desk/?q={shop.customer.number}", "/contracts/export.xlsx", "/visits/export.xlsx",
                  "/contract-notices/export.xlsx", f"/instalments/{contract.number}-1/"):
        response = admin.get(other)
        assert response.status_code == (302 if "/instalments/" in other else 200), other
    assert contract.number in admin.get(f"/desk/?q={shop.customer.number}").content.decode()

    # Visits, bills, notices; an early end tells first what it brings; then the renewal.
    first, second, third = queries.list_visits(SYSTEM).order_by("visit_on")[:3]
    assert admin.get(f"/visits/{first.pk}/").status_code == 200
    post(admin, f"/visits/{first.pk}/moves/put_off", {"visit_on": (TODAY + dt.timedelta(days=4)).isoformat()})
    post(admin, f"/visits/{second.pk}/moves/note_opened")
    post(admin, f"/visits/{third.pk}/moves/skip", {"reason": "客户出差"})
    post(admin, f"/instalments/{queries.instalments_of(contract)[0].pk}/bill")
    assert "全保一年" in admin.get("/contracts/?tab=unpaid").content.decode()
    told = admin.get(f"{address}end/?last_on={TODAY}").content.decode()
    assert "终止的后果" in told and "按天应收" in told
    post(admin, f"{address}end/", {"last_on": TODAY.isoformat(), "reason": ""}, 422)
    actions.make_notices(queries.get_contract(contract.pk, SYSTEM), at=clock.now())
    notice = queries.list_notices(SYSTEM)[0]
    post(admin, f"/contract-notices/{notice.pk}/told/", {"outcome": "已电话"})
    scope = contract.scopes.order_by("-pk").first()
    post(admin, f"{address}scopes/{scope.pk}/remove")
    post(admin, f"{address}plans/{contract.visit_rules.get().pk}/stop")
    post(admin, f"{address}moves/renew", {"months": "", "price": "1300"})
    renewal = queries.find_renewal_of(contract)
    assert renewal.price_amount == 1300 and renewal.number in admin.get(address).content.decode()
    post(admin, f"/contracts/{renewal.number}/end/", {"last_on": renewal.starts_on.isoformat(), "reason": "搬走"})
    assert queries.get_contract(renewal.pk, SYSTEM).status == "ended"


def test_a_claim_from_collected_lines_to_the_money(admin, office, client, shop):
    for address in ("/claims/", "/claims/?tab=all", "/claim-lines/", "/claim-agreements/", "/claims/new/", "/claims/compare/", "/claims/export.xlsx",
                    "/claim-lines/export.xlsx", "/claim-agreements/export.xlsx", "/claim-agreements/new/"):
        assert admin.get(address).status_code == 200, address
    post(admin, "/claim-agreements/new/", {"name": "别家", "brands": "清风", "part_percent": "100", "labour_percent": "100", "travel_percent": "100"}, 422)
    parts = parties.create_supplier(name="海风 电机", actor=SYSTEM, at=clock.now())
    assert parts.number in admin.get("/options/supplier/?q=海风").content.decode()
    percents = {"part_percent": "100", "labour_percent": "100", "travel_percent": "100", "brands": ""}
    post(admin, "/claim-agreements/new/", {"name": "海风电机", "name_id": parts.number} | percents)
    post(admin, "/claim-agreements/new/", {"name": "海风电机"} | percents, 422)
    post(admin, "/claim-agreements/new/", {"name": "不在档案的厂"} | percents)
    found = {row.name: row.supplier_id for row in queries.list_agreements(SYSTEM)}
    assert found == {"清风电器": None, "海风 电机": parts.pk, "不在档案的厂": None}
    linked = queries.list_agreements(SYSTEM).get(supplier=parts)
    page = admin.get(f"/claim-agreements/{linked.pk}/edit/").content.decode()
    assert 'value="海风 电机"' in page and f'value="{parts.number}"' in page and parts.number in admin.get("/claim-agreements/").content.decode()
    post(admin, f"/claim-agreements/{shop.maker.pk}/edit/", {"name": "清风电器", "brands": "清风\n清风家", "part_percent": "90", "labour_percent": "100",
                                                            "travel_percent": "100", "is_active": "on"})
    line = queries.list_claim_lines(SYSTEM).order_by("pk")[0]
    post(admin, f"/claim-lines/{line.pk}/", {"agreement": shop.maker.pk, "claimed_amount": "70"})
    address = post(admin, "/claims/new/", {"agreement": shop.maker.pk, "branch": office.branch.pk, "note": ""})["Location"]
    claim = queries.list_claims(SYSTEM).get()
    assert claim.claimed_amount == 230
    first, second, third = queries.lines_of_claim(claim)
    post(admin, f"{address}lines/{third.pk}/take-off")
    post(admin, f"{address}moves/send")
    assert admin.get(f"{address}file.xlsx").content[:2] == b"PK" and admin.get(f"{address}file.json").json()["claimed"] == "150.00"
    answer = {f"answer_{first.pk}": "partly", f"accepted_{first.pk}": "", f"reason_{first.pk}": "一半"}
    refused = post(admin, f"{address}answer/", answer, 422).content.decode()
    assert "部分认可的金额" in refused and "一半" in refused
    post(admin, f"{address}answer/", answer | {f"accepted_{first.pk}": "35"})
    rows = SimpleUploadedFile("a.csv", f"行号,答复,认可金额,答复理由\n{second.pk},认可,,\n".encode())
    post(admin, f"{address}answer-file", {"file": rows})
    post(admin, f"{address}moves/reimburse", {"amount": "115"})
    post(admin, f"{address}moves/close", {"reason": ""})
    page = admin.get(address).content.decode()
    assert "已结案" in page and "115.00" in page and "115.00" in admin.get("/claims/compare/?span=year").content.decode()
    clerk = office.sign_in(client, office.clerk)
    assert clerk.get("/claims/").status_code == 403
