"""Sample data of the gallery: board, telephone, dashboard, portal and the sheet of components."""

import re
from datetime import timedelta
from pathlib import Path

from aftercare.web.gallery.samples import (
    AREAS,
    ENGINEERS,
    FAULTS,
    PEOPLE,
    STATUS,
    THINGS,
    build_desk,
    build_document,
    build_register,
)

SPRITE = Path(__file__).parent.parent / "templates" / "components" / "icons.html"


def build_page(page, now):
    """The context of one gallery page beyond the shell."""
    builders = {
        "components": build_components,
        "register": build_register,
        "document": build_document,
        "desk": build_desk,
        "board": build_board,
        "field": build_field,
        "dashboard": build_dashboard,
        "portal": build_portal,
    }
    if page in builders:
        return builders[page](now)
    if page.startswith("print") or page == "label":
        return build_document(now) | {"size": "a4" if page == "print-a4" else "a5", "back_url": "../document/"}
    return {"form": {"title": "林晓燕", "list_label": "客户", "list_url": "../register/"}}.get(page, {"title": page})


def build_board(now):
    """Nine lanes of twelve hours."""

    def job(i, start=None, minutes=60):
        tone = "none" if start is None else "ok" if start < 720 else "brand" if start < 800 else "info"
        return {
            "id": i,
            "title": FAULTS[i % 10],
            "lines": [PEOPLE[i % 12], f"{AREAS[i % 7]} · {THINGS[i % 8]}"],
            "minutes": minutes,
            "start": start,
            "urgent": i == 4,
            "due": now + timedelta(minutes=i * 70 - 130),
            "tone": "bad" if i == 4 else tone,
            "movable": tone != "ok",
            "over": tone == "ok",
        }

    lanes = []
    for n, name in enumerate(ENGINEERS):
        starts = [480 + 45 * (n % 3), 630 + 15 * (n % 4), 780 + 30 * (n % 2), 870 + 30 * (n % 3), 1020]
        lanes.append(
            {
                "id": n + 1,
                "name": name,
                "detail": f"{AREAS[n % 7]} 空调 净水",
                "load": 260 + 30 * n,
                "capacity": 480,
                "load_text": f"已排 {260 + 30 * n} 分钟 / 480",
                "rests": [{"start": 720, "minutes": 60}],
                "jobs": [job(100 + n * 7 + i, start, (60, 90, 45, 75, 90)[i]) for i, start in enumerate(starts)],
            }
        )
    return {
        "title": "派工看板",
        "day_label": "11月22日 周日",
        "sub": "已排 50 单",
        "day": "2026-11-22",
        "previous_url": "#",
        "next_url": "#",
        "assign_url": "../move/",
        "open_hour": 8,
        "hours": range(8, 20),
        "pool": [job(i, minutes=(60, 90, 45)[i % 3]) for i in range(14)],
        "lanes": lanes,
        "times": [f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(480, 1200, 30)],
        "now_minute": 840,
    }


def build_field(now):
    """An engineer's day."""
    jobs = [
        {
            "time": f"{hour:02d}:30",
            "fault": FAULTS[i],
            "thing": THINGS[i],
            "customer": PEOPLE[i],
            "address": "宝山区世纪大道1699弄64号2101室",
            "off": i < 2,
            "status": STATUS[5] if i < 2 else STATUS[2],
        }
        for i, hour in enumerate((8, 11, 13, 15, 16))
    ]
    return {
        "title": "张建国，今天 5 单",
        "sub": "11月22日 · 已完成 2 单",
        "done": 2,
        "total": 5,
        "scan_url": "../desk/",
        "jobs": jobs,
        "due": now + timedelta(minutes=268),
        "nav_field": [
            {"label": "任务", "url": ".", "icon": "list", "current": True},
            {"label": "扫码", "icon": "scan", "open": "#scan"},
            {"label": "备件", "url": "#", "icon": "part"},
            {"label": "我的", "url": "#", "icon": "user"},
        ],
        "sign_url": "../move/",
    }


def build_dashboard(now):
    """Figures of a day."""
    made = [32, 51, 34, 45, 41, 51, 45, 59, 77, 57, 48, 33, 49, 65]
    done = [32, 47, 32, 45, 41, 49, 43, 46, 49, 22, 14, 14, 14, 21]
    kinds = [("上门维修", 623), ("保养巡检", 122), ("送修", 118), ("安装调试", 95), ("远程支持", 64), ("退换货", 51)]
    return {
        "title": "仪表盘",
        "shown_at": now,
        "kpis": [
            {"label": "今日新增", "value": 65, "url": "../register/", "sub": "昨日 49", "series": made},
            {"label": "未完成", "value": 203, "url": "#", "sub": "其中未派工 74"},
            {"label": "已超时", "value": 8, "url": "#", "tone": "bad", "sub": "占未完成 3.9%"},
            {"label": "4 小时内到期", "value": 23, "url": "#", "tone": "warn", "sub": "优先安排"},
            {"label": "近 30 天收入", "value": "168,232", "prefix": "¥", "url": "#", "sub": "已完工工单"},
        ],
        "points": [
            {"label": f"11-{9 + i:02d}", "values": [a, b]} for i, (a, b) in enumerate(zip(made, done, strict=True))
        ],
        "names": ["新增", "完成"],
        "kinds": [{"label": name, "value": n, "text": f"{n} · {n * 100 // 1073}%"} for name, n in kinds],
        "kind_rows": [{"label": name, "value": n} for name, n in kinds],
        "funnel": [
            {"label": label, "value": n, "url": "#"}
            for (label, _), n in zip(STATUS, (33, 41, 71, 33, 25), strict=False)
        ],
        "late": build_desk(now)["orders"] * 3,
        "load": [{"label": name, "value": 14 - i} for i, name in enumerate(ENGINEERS)],
    }


def build_portal(now):
    """A customer's orders."""
    return build_document(now) | {
        "title": "我的服务",
        "nav_portal": [
            {"label": "服务", "url": ".", "icon": "list", "current": True},
            {"label": "报修", "url": "#", "icon": "plus"},
            {"label": "设备", "url": "#", "icon": "box"},
            {"label": "我的", "url": "#", "icon": "user"},
        ],
        "me": None,
    }


def build_components(now):
    """Something of everything."""
    return (
        build_document(now)
        | build_desk(now)
        | {
            "title": "组件",
            "icons": re.findall(r'id="i-([a-z]+)"', SPRITE.read_text(encoding="utf-8")),
            "statuses": STATUS,
            "times": [now + timedelta(minutes=m) for m in (-342, 136, 600, 4000)],
            "units": build_desk(now)["units"],
            "series": [32, 51, 34, 45, 41, 51, 45, 59, 77],
            "kinds": build_dashboard(now)["kind_rows"],
            "changes_event": [
                {
                    "who": "周敏",
                    "at": now,
                    "text": "修改",
                    "tone": "info",
                    "changes": [{"label": "优先级", "before": "普通", "after": "加急"}],
                }
            ],
        }
    )


def find_palette(text):
    """Palette results for a text."""
    return [
        {
            "label": "页面",
            "entries": [
                {"label": "前台接待", "url": "../desk/", "icon": "headset"},
                {"label": "派工看板", "url": "../board/", "icon": "board"},
            ],
        },
        {
            "label": "工单",
            "entries": [
                {
                    "label": f"WO26112200192{i} {name} · {FAULTS[i]}",
                    "detail": STATUS[i][0],
                    "url": "../document/",
                    "icon": "list",
                }
                for i, name in enumerate(PEOPLE[:6])
                if text in name
            ],
        },
    ]
