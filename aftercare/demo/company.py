"""Founding the company: tree of branches, calendars, people with roles, districts, skills and certificates."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from aftercare.demo import words
from aftercare.domain.people import actions as people
from aftercare.domain.people import queries as known
from aftercare.foundation import clock
from aftercare.foundation.access import Actor

SYSTEM = Actor.system("demo")
ZONE = "Asia/Shanghai"

# number, name, branch, roles, post, grade, categories (engineers), certificate runs out within a month
STAFF = (
    ("1001", "沈明远", "HQ", ("administrator",), "信息主管", "", "", False),
    ("1002", "顾嘉宁", "HQ", ("manager",), "客服总监", "", "", False),
    ("1003", "陆文静", "HQ", ("accountant",), "财务主管", "", "", False),
    ("1004", "秦雨薇", "HQ", ("caller",), "回访专员", "", "", False),
    ("1005", "韩立群", "HQ", ("auditor",), "审核员", "", "", False),
    ("1006", "梁子谦", "HQ", ("buyer",), "采购员", "", "", False),
    ("2001", "林晓岚", "SH", ("clerk",), "接待员", "", "", False),
    ("2002", "周思齐", "SH", ("clerk",), "接待员", "", "", False),
    ("2003", "陈国栋", "SH", ("dispatcher",), "服务主任", "", "", False),
    ("2004", "吴桂芳", "SH", ("keeper",), "仓管员", "", "", False),
    ("2011", "王海生", "SH", ("engineer",), "上门工程师", "高级", "BGL RSQ KT", False),
    ("2012", "李志强", "SH", ("engineer",), "上门工程师", "中级", "KT BX XYJ", False),
    ("2013", "赵永康", "SH", ("engineer",), "上门工程师", "中级", "JSQ RSQ YYJ XYJ BX", True),
    ("2014", "孙德明", "SH", ("engineer",), "台修工程师", "高级", "BGL KT BX XYJ JSQ RSQ YYJ", False),
    ("3001", "何静怡", "HZ", ("clerk",), "接待员", "", "", False),
    ("3002", "方建华", "HZ", ("dispatcher",), "服务主任", "", "", False),
    ("3003", "罗春燕", "HZ", ("keeper",), "仓管员", "", "", False),
    ("3011", "马振东", "HZ", ("engineer",), "上门工程师", "高级", "BGL RSQ KT JSQ", False),
    ("3012", "高俊杰", "HZ", ("engineer",), "上门工程师", "中级", "KT BX XYJ YYJ RSQ", False),
    ("3013", "徐天佑", "HZ", ("engineer",), "台修工程师", "中级", "BGL KT BX XYJ JSQ RSQ YYJ", False),
    ("4001", "郑若曦", "SZ", ("clerk", "keeper"), "接待员兼仓管", "", "", False),
    ("4002", "宋宏伟", "SZ", ("dispatcher",), "服务主任", "", "", False),
    ("4011", "唐云飞", "SZ", ("engineer",), "上门工程师", "高级", "BGL RSQ KT BX JSQ", False),
    ("4012", "曹一凡", "SZ", ("engineer",), "综合工程师", "初级", "BGL KT BX XYJ JSQ RSQ YYJ", False),
    ("5001", "许光辉", "W1", ("outlet", "engineer"), "网点负责人", "", "BGL KT BX XYJ JSQ RSQ YYJ", False),
    ("5002", "彭立新", "W2", ("outlet", "engineer"), "网点负责人", "", "BGL KT BX XYJ JSQ RSQ YYJ", False),
)
# number, name, kind, parent, city of its centre
BRANCHES = (
    ("HQ", "晴川家电服务总部", "head_office", ""),
    ("SHF", "上海分公司", "branch", "HQ"), ("SH", "上海服务中心", "service_centre", "SHF"),
    ("HZF", "杭州分公司", "branch", "HQ"), ("HZ", "杭州服务中心", "service_centre", "HZF"),
    ("SZF", "苏州分公司", "branch", "HQ"), ("SZ", "苏州服务中心", "service_centre", "SZF"),
    ("W1", "嘉定特约网点", "outlet", "SHF"), ("W2", "昆山特约网点", "outlet", "SZF"),
)
CENTRES = ("SH", "HZ", "SZ")
OUTLET_OF = {"SH": "W1", "SZ": "W2"}
BENCH = ("2014", "3013", "4012")
GRANTED_AT = {"1005": CENTRES}
WAGES = {"高级": "6200", "中级": "5200", "初级": "4300"}


@dataclass
class Company:
    """Rows by their numbers, and the actors of its people."""

    rng: Random
    at: dt.datetime
    branches: dict[str, Any] = field(default_factory=dict)
    staff: dict[str, Any] = field(default_factory=dict)
    skills: dict[str, frozenset] = field(default_factory=dict)
    serves: dict[str, frozenset] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    catalogue: Any = None
    units: list = field(default_factory=list)

    def actor(self, number: str) -> Actor:
        """That employee as he signs in."""
        if number not in self.actors:
            self.actors[number] = known.actor_for(self.staff[number], via="web")
        return self.actors[number]

    def who(self, role: str, centre: str) -> str:
        """The number of who has that role for a centre: its own people, else the head office's."""
        for branch in (centre, "HQ"):
            found = [n for n, _name, at, roles, *_rest in STAFF if at == branch and role in roles]
            if found:
                return found[0] if len(found) == 1 else self.rng.choice(found)
        raise LookupError(role)

    def by(self, role: str, centre: str) -> Actor:
        """The actor of `who`."""
        return self.actor(self.who(role, centre))

    def centre_of(self, number: str) -> str:
        """The branch number of an employee."""
        return next(at for n, _name, at, *_rest in STAFF if n == number)


def found_company(rng: Random, *, at: dt.datetime, today: dt.date) -> Company:
    """The company as it opened its doors at `at`; certificates are told relative to `today`."""
    given = {"actor": SYSTEM, "at": at}
    people.seed(**given)
    company = Company(rng, at)
    _build_tree(company, given)
    _hire(company, given, at, today)
    _share_districts(company, given)
    return company


def _build_tree(company: Company, given: dict) -> None:
    week = [(8 * 60 + 30, 12 * 60), (13 * 60, 17 * 60 + 30)]
    office = people.create_calendar(name="办公室", hours={day: week for day in range(5)} | {7: week}, **given)
    shop = people.create_calendar(
        name="服务中心（全年无休）", hours={day: week if day < 6 else [(9 * 60, 12 * 60), (13 * 60, 17 * 60)] for day in range(7)},
        follows_official=False, opens_make_up=False, **given,
    )
    for number, name, kind, parent in BRANCHES:
        company.branches[number] = people.create_branch(
            number=number, name=name, kind_of=kind, parent=company.branches.get(parent), zone=ZONE,
            calendar=shop if kind in ("service_centre", "outlet") else office, phone=f"400-000-{len(company.branches):04d}",
            address=f"{words.STREETS[len(company.branches)]}{len(company.branches) * 7 + 8}号", **given,
        )


def _hire(company: Company, given: dict, at: dt.datetime, today: dt.date) -> None:
    roles = {role.code: role for role in known.list_roles(SYSTEM)}
    joined = clock.local_day(at, ZONE)
    for number, name, branch, held, post, grade, skills, expires in STAFF:
        employee = people.create_employee(
            number=number, name=name, branch=company.branches[branch], post=post, grade=grade,
            wage_amount=Decimal(WAGES.get(grade, "4800")), phone=f"1610000{number}", is_engineer=bool(skills),
            joined_on=joined - dt.timedelta(days=30 * (int(number) % 37)), **given,
        )
        company.staff[number] = employee
        for role in held:
            for place in GRANTED_AT.get(number, (branch,)):
                people.grant(employee, role=roles[role], branch=company.branches[place], **given)
        people.create_account(employee, password=words.PASSWORD, **given)
        company.skills[number] = frozenset(skills.split())
        if skills:
            people.set_skills(employee, category_codes=skills.split(), **given)
            _certify(employee, skills.split(), expires, joined, today, given)


def _certify(employee, categories: list[str], expires_soon: bool, joined: dt.date, today: dt.date, given: dict) -> None:
    for code in categories:
        name, needs, _faults = words.CATEGORIES[code]
        if needs:
            until = today + dt.timedelta(days=20 if expires_soon else 400 + int(employee.number) % 300)
            people.add_certificate(
                employee, name=f"{name}安装维修上岗证", category_code=code, number=f"ZS{employee.number}{code}",
                issued_on=joined - dt.timedelta(days=200), expires_on=until, **given,
            )


def _share_districts(company: Company, given: dict) -> None:
    for centre, (_city, districts) in words.DISTRICTS.items():
        engineers = [n for n, _name, at, *_r in STAFF if at == centre and company.skills[n] and n not in BENCH[:2]]
        for index, district in enumerate(districts):
            code = district[:6]
            region = known.get_region(code)
            if district.endswith("*"):
                region = people.edit_region(region, version=region.version, is_urban=False, **given)
            people.set_coverage(region=region, branch=company.branches[centre], **given)
            for turn, number in enumerate(engineers):
                if turn == index % len(engineers) or turn == (index + 1) % len(engineers):
                    people.set_coverage(region=region, branch=company.branches[centre], employee=company.staff[number],
                                        priority=1 + (turn != index % len(engineers)), **given)
                    company.serves[number] = company.serves.get(number, frozenset()) | {code}
    for outlet, codes in words.OUTLET_DISTRICTS.items():
        for code in codes:
            people.set_coverage(region=known.get_region(code), branch=company.branches[outlet], priority=2, **given)
