"""The tables shipped with the product: official days and divisions."""

import csv
import datetime as dt
import json
from pathlib import Path

import pytest

from aftercare.domain.people import rules

# Beside the checkout, or one folder further up for a second worktree.
_PLACES = [folder / "shared" / "data" / "china" for folder in Path(__file__).resolve().parents[5:7]]
CHINA = next((place for place in _PLACES if place.exists()), _PLACES[0])
needs_reference = pytest.mark.skipif(not CHINA.exists(), reason="the reference tables are not beside this checkout")


def test_official_years_reach_from_2004():
    years = {year.year: year for year in rules.read_official_years()}
    assert min(years) == 2004
    assert set(range(2004, 2027)) <= set(years)
    spring = {d.date: d for d in years[2025].days}
    assert spring[dt.date(2025, 1, 28)].is_off
    assert spring[dt.date(2025, 1, 28)].name == "春节"
    assert not spring[dt.date(2025, 1, 26)].is_off


@needs_reference
@pytest.mark.parametrize("year", range(2020, 2027))
def test_official_days_equal_the_notices(year):
    # 31 December belongs to the notice of the next year.
    announced = [day for file in sorted(CHINA.glob("holiday_*.json")) for day in json.loads(file.read_text())["days"]]
    shipped = {(d.date, d.is_off) for y in rules.read_official_years() for d in y.days if y.year == year}
    expected = {(dt.date.fromisoformat(day["date"]), day["isOffDay"]) for day in announced}
    # A notice may call an ordinary Monday a workday, which moves nothing.
    expected = {(d, off) for d, off in expected if d.year == year and (off or d.weekday() > 4)}
    # The notice for 2024 says "1 January, joined with the weekend": the weekend before it was an ordinary one.
    assert shipped ^ expected <= {(dt.date(2023, 12, 30), True), (dt.date(2023, 12, 31), True)}


def test_divisions_form_a_tree():
    divisions = rules.read_divisions()
    seen = set()
    for division in divisions:
        assert division.parent is None or division.parent in seen
        seen.add(division.code)
    assert len(seen) == len(divisions) > 3200
    assert sum(d.level == 1 for d in divisions) == 34


def test_divisions_are_urban_or_suburban():
    by_code = {d.code: d for d in rules.read_divisions()}
    assert by_code["110101"].is_urban is True
    assert by_code["330113"].full_name == "浙江省杭州市临平区"
    assert by_code["110101"].full_name == "北京市东城区"
    assert by_code["130121"].is_urban is False  # 井陉县
    assert by_code["441900"].is_urban is True  # 东莞 has no districts
    assert by_code["429021"].is_urban is False  # 神农架林区
    assert all(d.is_urban is not None for d in by_code.values() if d.level == 3)


@needs_reference
def test_divisions_agree_with_the_official_table():
    with (CHINA / "areas.csv").open() as file:
        official = {row["code"]: row["name"] for row in csv.DictReader(file)}
    # Codes ending in 71..79 are statistical: development zones that are no administrative division.
    official = {code: name for code, name in official.items() if not "71" <= code[4:] <= "79"}
    shipped = {d.code: d.name for d in rules.read_divisions()}
    known = [code for code in official if code in shipped]
    assert len(known) >= 0.98 * len(official)
    assert [(c, shipped[c], official[c]) for c in known if shipped[c] != official[c]] == []
