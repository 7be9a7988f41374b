"""Consumer rights hold at size: windows against a day-walker, words against decisions, the managers' table, decisions a minute.

A part of `aftercare prove entitlement`. Prints its figures.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from decimal import Decimal

from aftercare.domain.entitlement.rules import Unit, add_months, right_sets, rights

DAY = dt.date
FIRST, SPAN = DAY(2024, 1, 1), 1400


def prove(*, short: bool) -> int:
    """All proofs of this subject; 0 when all hold."""
    steps = (_windows, _words, _pace)
    held = [step(2_000 if short else 200_000) for step in steps]
    return 0 if all(held) else 1


def lines_of(categories: dict[str, int]) -> list[rights.RuleLine]:
    """The shipped sets as rules for these categories."""
    from aftercare.domain.entitlement import queries

    rows = [row for one in queries.right_sets() for row in right_sets.spread(one, categories)[0]]
    made = []
    for number, row in enumerate(rows, start=1):
        given = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items() if k in rights.RuleLine.__dataclass_fields__}
        rate = Decimal(row["day_rate"]) if row.get("day_rate") else None
        made.append(rights.RuleLine(id=number, **given | {"valid_from": DAY.fromisoformat(row["valid_from"]), "day_rate": rate}))
    return made


def _day(rng: random.Random) -> DAY:
    return FIRST + dt.timedelta(days=rng.randrange(SPAN))


def _repairs(rng: random.Random) -> tuple[rights.Repair, ...]:
    made = []
    for number in range(rng.randrange(5)):
        starts = _day(rng)
        ends = starts + dt.timedelta(days=rng.randrange(40)) if rng.random() < 0.8 else None
        made.append(rights.Repair(f"W{number}", starts, ends, rng.choice(("", "1", "2")), "", rng.random() < 0.8, rng.random() < 0.9,
                                  rng.random() < 0.3))
    return tuple(made)


def _situation(rng: random.Random) -> rights.Situation:
    sold = _day(rng) if rng.random() < 0.95 else None
    return rights.Situation(
        Unit(categories=(rng.randrange(1, 6),), sold_on=sold), _day(rng), rng.choice(("", "1", "2")), rng.choice(("", "压缩机")),
        _repairs(rng), frozenset(p for p in rights.PROOFS if rng.random() < 0.6),
        frozenset(rng.sample(rights.EXCLUSIONS, 1)) if rng.random() < 0.1 else frozenset(), rng.random() < 0.2,
    )


def _windows(rounds: int) -> bool:
    rng, wrong = random.Random(7), 0
    for _round in range(rounds):
        start, on, repairs = _day(rng), _day(rng), _repairs(rng)
        rule = rights.RuleLine(1, "r", "l", "", "period", ("repair",), starts="sale", months=rng.randrange(25), days=rng.randrange(41))
        end, _extra = rights.window(rule, start, rights.Situation(unit=Unit(sold_on=start), on=on, repairs=repairs))
        stopped, walked = set(), add_months(start, rule.months) + dt.timedelta(days=rule.days)
        for repair in sorted((r for r in repairs if r.is_covered), key=lambda r: (r.starts_on, r.ends_on or DAY.max)):
            day = repair.starts_on if start <= repair.starts_on <= walked else DAY.max
            while day <= min(repair.ends_on or on, on):
                walked += dt.timedelta(days=day not in stopped)
                stopped.add(day)
                day += dt.timedelta(days=1)
        wrong += end != walked
    return _tell("windows with days left out, against a walker of days", rounds, wrong)


def _words(rounds: int) -> bool:
    from aftercare.domain.entitlement import queries

    rounds //= 10
    rng, wrong = random.Random(8), 0
    lines = lines_of({"空调": 1, "手机": 2, "净水器": 3, "电视机": 4})
    heads = {"yes": "可以", "proof": "出示凭证后可以", "no": "不能"}
    for _round in range(rounds):
        at = _situation(rng)
        for right in rights.ask(lines, at).rights:
            said = queries.right_sentence(right)
            fits = said.startswith(heads[right.status]) and "%(" not in said
            if right.status != "no":
                fits = fits and right.starts_on <= at.on <= right.until and str(right.until) in said and right.law in said
                fits = fits and bool(right.missing) == (right.status == "proof")
            wrong += not fits
    return _tell("answers whose words agree with the decision", rounds * 4, wrong)


def _pace(rounds: int) -> bool:
    rng = random.Random(9)
    lines = lines_of({"空调": 1})
    situations = [_situation(rng) for _n in range(min(rounds, 5_000))]
    began = time.perf_counter()
    for at in situations:
        rights.ask(lines, at)
    pace = int(len(situations) * len(rights.REMEDIES) / (time.perf_counter() - began) * 60)
    print(f"  rights decided a minute in one process: {pace:,}", flush=True)
    # A fleet of ten thousand units within a minute; the figure itself is what people look at.
    return pace > 10_000


def _tell(what: str, rounds: int, wrong: int) -> bool:
    print(f"  {what}: {rounds:,}, wrong {wrong}", flush=True)
    return not wrong
