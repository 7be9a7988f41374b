"""Believable things of the company's own: loaners lent and late, tools with calibrations that hold or not, borrowed papers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from aftercare.demo.company import SYSTEM, Company
from aftercare.domain.custody import actions as custody
from aftercare.domain.people import queries as people
from aftercare.domain.work import queries as orders
from aftercare.flows import custody_day, lend_loaner
from aftercare.foundation import clock
from aftercare.foundation.access import Actor

TOOLS = (
    ("数字万用表", "instrument", "F17B+", "800", 12, 200), ("钳形电流表", "instrument", "UT210E", "420", 12, 21),
    ("电子卤素检漏仪", "instrument", "LS-790", "1600", 6, -9), ("冷媒压力表组", "instrument", "HS-466", "380", 12, None),
    ("电锤", "tool", "GBH 2-26", "960", None, None), ("安全带", "protective", "GB 6095", "260", None, None),
)
PAPERS = (
    ("DWG-KT-035", "变频空调外机电气原理图", "drawing", "internal"), ("MAN-BX-12", "冰箱维修手册", "manual", "open"),
    ("BB-2025-07", "压缩机批次质量通报", "file", "secret"),
)


def tell(company: Company, now: dt.datetime) -> None:
    """The registers of one centre, and who has what today."""
    keeper, staff = company.by("keeper", "SH"), company.staff
    fill(company.branches["SH"].pk, [staff["2011"], staff["2014"]], keeper, now)


def fill(branch_id: int, engineers: list[Any], keeper: Actor, now: dt.datetime) -> None:
    """Loaners for what is on the bench, tools and papers for two engineers; then the morning that reminds of all."""
    begun = now - dt.timedelta(days=40)
    given = {"branch_id": branch_id, "actor": SYSTEM, "at": begun}
    bench = list(orders.list_orders(SYSTEM, branch=branch_id).filter(
        mode="bench", customer__isnull=False, product__isnull=False, status__in=["working", "waiting_part", "repaired"]).order_by("id")[:3])
    made = [
        custody.create_loaner(product=order.product, serial=f"BY{n:04}", value_amount=Decimal(1200 + 150 * n), state="九成新，外观完好",
                              accessories=["电源线", "遥控器", "说明书"][: 1 + n % 3], place=f"备机架 {n}", **given)
        for n, order in enumerate(bench * 2, 1)
    ]
    for loaner, order, days in zip(made, bench, (19, 6, 1), strict=False):
        lend_loaner.lend(loaner, customer=order.customer, document=order, method="wechat", actor=keeper, at=now - dt.timedelta(days=days))
    today = clock.local_day(now, people.zone_of(branch_id))
    for n, (name, kind, model, value, months, left) in enumerate(TOOLS):
        tool = custody.create_tool(name=name, kind_of=kind, model=model, serial=f"{n + 1:03}{branch_id}", value_amount=Decimal(value),
                                   calibration_months=months, calibrated_to=None if left is None else today + dt.timedelta(days=left),
                                   purchased_on=today - dt.timedelta(days=700), place="工具柜", **given)
        if n in (0, 1, 4):
            custody.issue_tool(tool, employee=engineers[n % len(engineers)], actor=keeper, at=begun)
    for n, (number, title, kind, secrecy) in enumerate(PAPERS):
        paper = custody.create_paper(number=number, title=title, kind_of=kind, secrecy=secrecy, place="资料柜", **given)
        if n < 2:
            custody.lend_paper(paper, employee=engineers[0], actor=keeper, at=now - dt.timedelta(days=12 - 8 * n))
    custody_day.run(actor=SYSTEM, at=now)
