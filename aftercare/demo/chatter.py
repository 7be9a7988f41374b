"""Calls that are no jobs: questions, praise, suggestions, complaints."""

from __future__ import annotations

import datetime as dt
from random import Random

from aftercare.demo.company import Company
from aftercare.demo.planning import Plan
from aftercare.domain.cases import actions as cases

CALLS = (
    ("consultation", "空调滤网多久清洗一次？", "一般两周清洗一次，已告知方法"), ("consultation", "延保怎么买？", "已发送延保说明链接"),
    ("status_query", "我的机器修好了吗？", "已查询进度并回复"), ("praise", "师傅上门很准时，表扬一下", "已转达并致谢"),
    ("suggestion", "希望晚上也能上门", "已记录并反馈给服务主任"), ("support", "热水器显示E1怎么处理？", "电话指导复位后恢复正常"),
    ("part_order", "想买两支净水器滤芯", ""), ("complaint", "约好的时间没有人来，也没有电话", "已致歉并改约，主任跟进"),
    ("consultation", "壁挂炉冬天不用要排水吗？", "已告知防冻注意事项"),
)


def call(company: Company, rng: Random, batch: list[Plan], now: dt.datetime) -> None:
    """About one such call for every five orders of the batch; most have an answer by now."""
    for plan in batch:
        person = plan.unit.owner
        if person.row is None or rng.random() > 0.2:
            continue
        kind, text, answer = rng.choice(CALLS)
        at = plan.at + dt.timedelta(minutes=rng.randint(20, 3000))
        if at > now - dt.timedelta(minutes=10):
            continue
        clerk = company.by("clerk", person.centre)
        contact = cases.register_contact(
            channel=rng.choice(("phone", "phone", "wechat", "web")), kind=kind, branch_id=company.branches[person.centre].pk,
            customer=person.row, phone=person.phone, text=text, caller=person.name, actor=clerk, at=at)
        later = at + dt.timedelta(minutes=rng.randint(3, 900))
        if answer and later < now:
            cases.solve(contact, outcome="answered" if kind != "support" else "solved", answer=answer, actor=clerk, at=later)
