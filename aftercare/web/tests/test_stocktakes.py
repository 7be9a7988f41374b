"""Stocktakes on pages: planned, counted blind on the counting page, counted again, looked over, booked, printed."""

import io
import zipfile
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aftercare.domain.catalog import actions as catalog
from aftercare.domain.inventory import actions as stock
from aftercare.domain.inventory import queries as inventory
from aftercare.web.tests.office import SYSTEM, key


@pytest.fixture
def depot(office):
    """A store with a bin: 4711 pieces of one part, 13 of another. Such numbers stand nowhere by chance."""
    make = office.make
    here = type("Depot", (), {})()
    here.part = catalog.create_part(name="电容", code="C1", **make)
    here.other = catalog.create_part(name="滤网", code="F1", **make)
    here.place = stock.ensure_depot(office.branch.pk, **make)
    here.bin = stock.create_place(code="A-01", name="一排一层", kind="bin", branch_id=None, parent=here.place, **make)
    stock.receive(here.place, lines=[stock.ReceiveLine(here.part.pk, Decimal(4711), Decimal(4), place_id=here.bin.pk),
                                     stock.ReceiveLine(here.other.pk, Decimal(13), Decimal(7))], **make)
    return here


@pytest.fixture
def keeper(office):
    return office.sign_in(Client(), office.keeper)


def text(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def planned(client, depot, **more):
    form = {"place": depot.place.pk, "scope": "whole", "abc": "", "bins": "", "parts": "", "memo": "月末", **more, **key()}
    answer = client.post("/stocktakes/new/", form)
    assert answer.status_code == 303, answer.content.decode()
    return answer["Location"]


def test_counting_pages_tell_nobody_what_the_books_say(admin, keeper, depot):
    address = planned(keeper, depot)
    for client in (keeper, admin):
        for page in (address, f"{address}?show=left", f"{address}count/", f"{address}count/?bin=A-01", f"{address}blind/"):
            told = text(client, page)
            assert "4711" not in told and "电容" in told
        sheet = zipfile.ZipFile(io.BytesIO(b"".join(client.get(f"{address}export.xlsx").streaming_content)))
        assert "4711" not in " ".join(sheet.read(name).decode() for name in sheet.namelist())
        for page in ("review/", "result/"):
            assert client.get(f"{address}{page}").status_code == 403
    scan = {"what": "scan", "bin": "A-01", "code": "C1", "qty": "4000", "condition": "good", "lot": "", **key()}
    assert keeper.post(f"{address}count/", scan).status_code == 303
    assert "4711" not in text(keeper, address) and "4000" in text(keeper, address) and "4000" not in text(admin, address)


def test_a_stocktake_from_the_plan_to_the_books(admin, office, keeper, depot):
    address = planned(keeper, depot)
    place = keeper.post(f"{address}count/", {"what": "scan", "bin": "", "code": "A-01", "qty": "1", **key()})
    assert place["Location"].startswith(f"{address}count/?bin=A-01&"), "a scanned bin is the bin from now on"
    for bad in ({"code": "NOPE"}, {"code": ""}, {"code": "C1", "qty": "x"}, {"code": "C1", "bin": "Z"}, {"code": "C1", "qty": "-1"}):
        answer = keeper.post(f"{address}count/", {"what": "scan", "bin": "A-01", "qty": "1", **bad, **key()})
        assert answer.status_code == 422 and "banner" in answer.content.decode()
    assert keeper.post(f"{address}count/", {"what": "list", **key()}).status_code == 422
    row = inventory.get_stocktake(address.strip("/").split("/")[-1], SYSTEM)
    lines = {line.part.code: line.position for line in inventory.stocktake_lines(row)}
    assert keeper.post(f"{address}moves/close_round", {"rest_is_zero": "", **key()}).status_code == 422
    counts = {"what": "list", f"qty-{lines['C1']}": "4711", f"qty-{lines['F1']}": "10", **key()}
    assert keeper.post(f"{address}count/", counts).status_code == 303
    assert keeper.post(f"{address}moves/close_round", key()).status_code == 303
    assert "待复盘" in text(keeper, address)
    again = {"what": "scan", "bin": "", "code": "F1", "qty": "10", **key()}
    assert "他人" in keeper.post(f"{address}count/", again).content.decode()
    helper = office.sign_in(Client(), office._person("K2", "赵库", office.branch, _role("keeper")))
    assert helper.post(f"{address}count/", {**again, **key()}).status_code == 303
    assert helper.post(f"{address}moves/close_round", key()).status_code == 303
    assert helper.get(f"{address}review/").status_code == 403
    told = text(admin, f"{address}review/")
    assert "王库" in told and "赵库" in told and "-21.00" in told
    refused = admin.post(f"{address}review/", {"what": "approve", "reason": "", f"reason-{lines['F1']}": "", **key()})
    assert refused.status_code == 422 and "原因" in refused.content.decode()
    done = admin.post(f"{address}review/", {"what": "approve", "reason": "", f"reason-{lines['F1']}": "丢失", **key()})
    assert done.status_code == 303
    assert inventory.on_hand(depot.other.pk, depot.place.pk) == 10
    assert "丢失" in text(admin, f"{address}result/") and "丢失" in text(admin, f"{address}?show=all")
    assert admin.get(f"{address}export.xlsx").status_code == 200
    assert admin.post(f"{address}moves/reverse_stocktake", {"reason": "盘错", **key()}).status_code == 303


def _role(code):
    from aftercare.domain.people import queries

    return next(role for role in queries.list_roles(SYSTEM) if role.code == code)


def test_the_auditor_sends_lines_back(admin, office, keeper, depot):
    address = planned(keeper, depot, scope="bins", bins="A-01")
    assert keeper.post(f"{address}count/", {"what": "scan", "bin": "A-01", "code": "C1", "qty": "4700", **key()}).status_code == 303
    assert keeper.post(f"{address}moves/close_round", key()).status_code == 303
    assert admin.post(f"{address}review/", {"what": "send_back", "reason": "", "pick": "1", **key()}).status_code == 422
    assert admin.post(f"{address}review/", {"what": "send_back", "reason": "差太多", "pick": "1", **key()}).status_code == 303
    assert "第 2 轮" in text(keeper, address)
    assert admin.post(f"{address}moves/cancel_stocktake", {"reason": "改期", **key()}).status_code == 303


def test_pages_ask_no_more_statements_for_more_lines(admin, office, keeper, depot):
    def asked(client, *pages):
        found = []
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as statements:
                assert client.get(page).status_code == 200
            found.append(len(statements))
        return found

    def counted(**more):
        address = planned(keeper, depot, scope="parts", **more)
        row = inventory.get_stocktake(address.strip("/").split("/")[-1], SYSTEM)
        counting = asked(keeper, address, f"{address}count/", f"{address}blind/")
        lines = {f"qty-{line.position}": line.book_qty + Decimal("0.1") for line in inventory.stocktake_lines(row)}
        assert keeper.post(f"{address}count/", {"what": "list", **lines, **key()}).status_code == 303
        assert keeper.post(f"{address}moves/close_round", key()).status_code == 303
        return counting + asked(admin, address, f"{address}review/", f"{address}result/")

    stock.set_count_rule(office.branch.pk, recount_percent=None, recount_amount=None, **office.make)
    few = counted(parts="F1")
    more = [catalog.create_part(name=f"件{n}", code=f"N{n}", **office.make) for n in range(12)]
    stock.receive(depot.place, lines=[stock.ReceiveLine(part.pk, Decimal(9), Decimal(2)) for part in more], **office.make)
    many = counted(parts=" ".join(part.code for part in more))
    assert many == few and max(many) <= 14, (few, many)
    reports = ("/stocktakes/due/", "/reports/slow-movers/?days=0", "/reports/stock-turnover/", "/part-classes/matrix/", "/stocktakes/")
    assert max(asked(admin, *reports)) <= 14


def test_each_page_answers_and_bad_plans_name_the_field(admin, office, keeper, depot):
    for page in ("/stocktakes/", "/stocktakes/?tab=all&scope=cycle&q=x", f"/stocktakes/new/?place={depot.place.pk}&scope=cycle",
                 f"/stocktakes/rules/{office.branch.number}/", "/stocktakes/export.xlsx", "/stock/periods/"):
        assert admin.get(page).status_code == 200
    told = text(keeper, "/stocktakes/due/")
    assert f"/stocktakes/new/?place={depot.place.pk}&amp;scope=cycle&amp;abc=C" in told
    for bad, word in (({"scope": "bins", "bins": "Z-9"}, "Z-9"), ({"scope": "parts", "parts": "C1 NOPE"}, "NOPE"), ({"scope": "bins"}, "货位"),
                      ({"scope": "parts"}, "配件")):
        form = {"place": depot.place.pk, "abc": "", "bins": "", "parts": "", "memo": "", **bad, **key()}
        answer = keeper.post("/stocktakes/new/", form)
        assert answer.status_code == 422 and word in answer.content.decode()
    assert planned(keeper, depot, scope="parts", parts="C1\nF1")
    rule = {"recount_percent": "5", "recount_amount": "", "recount_qty": "", "approve_amount": "", "is_own_count": "on", "cycle_a_days": "30",
            "cycle_b_days": "90", "cycle_c_days": "180", "a_percent": "70", "b_percent": "90", "x_variation": "0.5", "y_variation": "1",
            "slow_days": "90", "dead_days": "300", **key()}
    assert admin.post(f"/stocktakes/rules/{office.branch.number}/", rule).status_code == 303
    assert inventory.count_rule_of(office.branch.pk).is_own_count
    assert admin.post(f"/stocktakes/rules/{office.branch.number}/", {**rule, "a_percent": "95", **key()}).status_code == 422
