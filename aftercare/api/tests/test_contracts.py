"""Contracts and claims as a program keeps them: drafts, moves with their versions, what is foreseen, files as Base64."""

import base64
import datetime as dt
from decimal import Decimal as D

import pytest

from aftercare.api.tests.caller import done, problem
from aftercare.domain.catalog import actions as catalog
from aftercare.domain.entitlement import actions
from aftercare.domain.entitlement import queries as contracts
from aftercare.foundation import clock
from aftercare.foundation.access import Actor

pytestmark = pytest.mark.django_db
TODAY = clock.local_day(clock.now(), "Asia/Shanghai")


def test_a_contract_from_draft_to_renewal(world):
    dispatcher, clerk, engineer = (world.call(n) for n in ("dispatcher", "clerk", "engineer"))
    upkeep = catalog.ensure_work_type("保养", is_repair=False, **world.by)[0]
    starts = TODAY - dt.timedelta(days=31)
    body = {
        "customer": world.customer.number, "branch": "N", "name": "全保", "starts_on": starts.isoformat(), "months": 12, "price": "1000.00",
        "instalment_count": 3, "every_months": 4, "quota": {"visits": "2"}, "respond_minutes": 60,
        "visit_plans": [{"title": "保养", "work_type_id": upkeep.pk, "every": 1, "month_day": 31, "holidays": "keep"}],
    }
    done(clerk.post("/contracts", body), 403)
    done(dispatcher.post("/contracts", body | {"months": 0}), 422)
    made = done(dispatcher.post("/contracts", body), 201)
    path = f"/contracts/{made['number']}"
    assert [row["amount"] for row in made["instalments"]] == ["333.34", "333.33", "333.33"] and made["status"] == "draft"
    done(dispatcher.post(f"{path}/activate"), 422)
    done(dispatcher.patch(path, {"remark": "x"}, version=made["version"] + 9), 412)
    made = done(dispatcher.patch(path, {"price_amount": "900.00", "owner": world.dispatcher.number}, version=made["version"]))
    made = done(dispatcher.post(f"{path}/scopes", {"asset": world.asset.number}, version=made["version"]))
    made = done(dispatcher.post(f"{path}/scopes", {"site": "东区"}))
    made = done(dispatcher.post(f"{path}/scopes/{made['scopes'][1]['id']}/remove"))
    made = done(dispatcher.post(f"{path}/activate", version=made["version"]))
    assert made["status"] == "active" and made["quotas"] == [{"kind": "visits", "granted": "2.000", "left": "2.000", "over": "0.000"}]
    assert {move["name"] for move in made["moves"]} >= {"suspend", "renew", "end"}
    done(dispatcher.post(f"{path}/expire"), 409)
    assert done(engineer.get(path))["number"] == made["number"] and done(engineer.get(path))["moves"] == []

    _found_everywhere(world, made, path)
    _instalments_and_visits(world, made)
    _told_paused_renewed(world, made, path, upkeep)


def _found_everywhere(world, made, path):
    clerk = world.call("clerk")
    # Everywhere it is found: by list filters, on the unit's decision, in ledger, profit and timeline.
    for query, found in (({"status": "active"}, 1), ({"customer": world.customer.number}, 1), ({"ending_soon": True}, 0), ({"over_quota": True}, 0),
                         ({"unpaid": True}, 0), ({"q": made["number"][:6]}, 1)):
        assert len(done(clerk.get("/contracts", **query))["items"]) == found, query
    assert done(clerk.get(f"/assets/{world.asset.number}/entitlement"))["contract"]["number"] == made["number"]
    assert [row["cause"] for row in done(clerk.get(f"{path}/quota-ledger"))["items"]] == ["grant"]
    assert done(world.call("manager").get(f"{path}/profit"))["profit_amount"] == done(world.call("manager").get(f"{path}/profit"))["earned_amount"]
    assert done(clerk.get(f"{path}/profit"))["profit_amount"] is None
    assert done(clerk.get(f"{path}/timeline"))["items"]


def _instalments_and_visits(world, made):
    dispatcher, clerk, accountant = (world.call(n) for n in ("dispatcher", "clerk", "accountant"))
    first = done(accountant.get("/instalments", contract=made["number"]))["items"][0]
    done(dispatcher.post(f"/instalments/{first['id']}/bill"), 403)
    assert done(accountant.post(f"/instalments/{first['id']}/bill"))["status"] == "billed"
    done(accountant.post(f"/instalments/{first['id']}/bill"), 409)
    assert len(done(clerk.get("/contracts", unpaid=True))["items"]) == 1
    one, two, three = done(clerk.get("/planned-visits", contract=made["number"], first=TODAY.isoformat()))["items"][:3]
    assert done(dispatcher.post(f"/planned-visits/{one['id']}/note_opened"))["order_number"].startswith("WO")
    done(dispatcher.post(f"/planned-visits/{two['id']}/put_off", {"visit_on": "2099-01-01"}), 422)
    assert done(dispatcher.post(f"/planned-visits/{three['id']}/skip", {"reason": "客户不要"}))["status"] == "skipped"


def _told_paused_renewed(world, made, path, upkeep):
    dispatcher, clerk = world.call("dispatcher"), world.call("clerk")
    # What an early end would bring is told; a pause and a renewal are made.
    told = done(clerk.get(f"{path}/end-preview", last_on=TODAY.isoformat()))
    assert D(told["earned_amount"]) + D(told["let_off_amount"]) == 900
    done(dispatcher.post(f"{path}/suspend", {"from_on": TODAY.isoformat(), "reason": "停业"}))
    later = (TODAY + dt.timedelta(days=3)).isoformat()
    resumed = done(dispatcher.post(f"{path}/resume", {"resume_on": later}))
    assert resumed["ends_on"] > made["ends_on"]
    renewed = done(dispatcher.post(f"{path}/renew", {"price": "950.00"}))
    assert done(clerk.get(f"/contracts/{renewed['renewed_by']}"))["renews"] == made["number"]
    plan = renewed["visit_plans"][0]["id"]
    assert not done(dispatcher.post(f"{path}/visit-plans/{plan}/stop", {"reason": "自己做"}))["visit_plans"][0]["is_active"]
    done(dispatcher.post(f"{path}/visit-plans", {"title": "季保", "work_type_id": upkeep.pk, "every": 3}))
    done(dispatcher.post(f"{path}/end", {"last_on": TODAY.isoformat(), "reason": "x"}), 409)

    contract = contracts.get_contract(renewed["renewed_by"], Actor.system("test"))
    actions.make_notices(contract, at=clock.now())
    notice = done(clerk.get("/contract-notices"))["items"][0]
    assert done(dispatcher.post(f"/contract-notices/{notice['id']}/told", {"outcome": "愿意续"}))["outcome"] == "愿意续"
    ended = done(dispatcher.post(f"/contracts/{contract.number}/end", {"last_on": contract.starts_on.isoformat(), "reason": "搬走"}))
    assert ended["status"] == "ended" and D(ended["instalments"][0]["amount"]) == D("2.60")


def test_a_claim_with_its_files(world):
    accountant, clerk = world.call("accountant"), world.call("clerk")
    maker = done(accountant.post("/claim-agreements", {"name": "制造商", "brands": ["甲"]}), 201)
    assert done(accountant.patch(f"/claim-agreements/{maker['id']}", {"labour_percent": "50"}, version=maker["version"]))["labour_percent"] == "50.00"
    known = done(world.call("manager").post("/suppliers", {"name": "海风电机"}), 201)
    linked = done(accountant.post("/claim-agreements", {"supplier": known["number"], "brands": ["乙"]}), 201)
    assert (linked["supplier"], linked["name"]) == (known["number"], "海风电机")
    problem(accountant.post("/claim-agreements", {"supplier": known["number"]}), 422, "agreement_twice")
    problem(accountant.post("/claim-agreements", {"brands": []}), 422, "name_missing")
    done(accountant.post("/claim-agreements", {"supplier": "V999999"}), 404)
    apart = done(accountant.patch(f"/claim-agreements/{linked['id']}", {"supplier": None}, version=linked["version"]))
    assert (apart["supplier"], apart["name"]) == (None, "海风电机")
    done(clerk.get("/claim-agreements"), 403)
    assert len(done(accountant.get("/claim-agreements", q="制造"))["items"]) == 1
    agreement = contracts.get_agreement(maker["id"], Actor.system("test"))
    actions.collect_lines([
        {"agreement": None if n == 2 else agreement, "branch_id": world.north.pk, "source_kind": "work.workorder", "source_id": n,
         "source_number": f"WO{n}", "round": 1, "line": "labour", "kind_of": "labour", "name": "人工费", "account": "warranty_cost",
         "booked_amount": D(80), "cost_amount": D(80), "claimed_amount": D(40), "audited_on": TODAY}
        for n in (1, 2, 3)
    ])
    lines = done(accountant.get("/claim-lines", is_waiting=True))["items"]
    assert len(lines) == 3 and done(accountant.get("/claim-lines", order="WO2"))["items"][0]["supplier"] is None
    done(accountant.post(f"/claim-lines/{lines[1]['id']}/assign", {"agreement_id": maker["id"], "claimed_amount": "33.00"}))
    claim = done(accountant.post("/claims", {"agreement_id": maker["id"], "branch": "N"}), 201)
    path = f"/claims/{claim['number']}"
    done(accountant.post("/claims", {"agreement_id": maker["id"], "branch": "N"}), 422)
    claim = done(accountant.post(f"{path}/lines/{claim['lines'][0]['id']}/take-off"))
    assert claim["claimed_amount"] == "73.00" and len(claim["lines"]) == 2
    done(accountant.post(f"{path}/send"))
    file = done(accountant.get(f"{path}/file"))
    assert base64.b64decode(file["content"])[:2] == b"PK" and file["name"] == f"{claim['number']}.xlsx"
    done(accountant.post(f"{path}/answer-file", {"name": "a.csv", "content": "***"}), 422)
    first, second = claim["lines"]
    done(accountant.post(f"{path}/answer", {"answers": [{"line": first["id"], "answer": "partly", "accepted": "10.00"}]}), 422)
    done(accountant.post(f"{path}/answer", {"answers": [{"line": first["id"], "answer": "partly", "accepted": "10.00", "reason": "一半"}]}))
    text = f"行号,答复,认可金额,答复理由\n{second['id']},拒绝,,超期\n"
    claim = done(accountant.post(f"{path}/answer-file", {"name": "a.csv", "content": base64.b64encode(text.encode()).decode()}))
    assert (claim["status"], claim["accepted_amount"]) == ("answered", "10.00")
    done(accountant.post(f"{path}/reimburse", {"amount": "10.00"}))
    assert done(accountant.post(f"{path}/close"))["status"] == "closed"
    told = done(accountant.get("/claims-comparison", first="2020-01-01", last="2099-01-01"))
    assert told["suppliers"][0]["reimbursed"] == "10.00" and len(done(accountant.get("/claims", status="closed"))["items"]) == 1
