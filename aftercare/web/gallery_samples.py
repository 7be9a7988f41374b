"""Sample data of the gallery. Invented names; no database."""

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

SPRITE = Path(__file__).parent / "templates" / "components" / "icons.html"

STATUS = [("待受理", "warn"), ("待派工", "violet"), ("已派工", "info"), ("服务中", "brand"), ("待备件", "bad"), ("待结算", "ok"),
          ("已关闭", "mute"), ("已取消", "struck")]
PEOPLE = ["许思涵", "傅勇", "林晓燕", "曹嘉", "谢思娟", "胡敏", "沈勇", "王嘉", "赵英思", "程桂霞", "东方美食广场56部", "李丽杰"]
THINGS = ["家用中央空调", "对开门冰箱", "蒸烤一体机", "壁挂炉", "嵌入式洗碗机", "中央软水机", "燃气热水器", "滚筒洗衣机"]
FAULTS = ["异味", "年度保养", "无法开机", "跳闸", "噪音大", "显示 E4 故障码", "不制冷", "门封老化", "漏水", "水温忽冷忽热"]
AREAS = ["静安", "徐汇", "浦东", "松江", "闵行", "宝山", "杨浦"]
ENGINEERS = ["张建国", "李志强", "王海涛", "陈晓明", "刘洋", "赵军", "孙磊", "周文博", "吴俊豪"]
TERMS = [{"id": str(i), "label": name, "hint": f"{90 - i * 7} 次", "fill": {"code": f"P-{10030 + i}", "price": "68.00"}}
         for i, name in enumerate([*FAULTS, "压缩机电容 35μF", "PP 棉前置滤芯"])]


def build_page(page, now):
    """The context of one gallery page beyond the shell."""
    builders = {
        "components": build_components, "register": build_register, "document": build_document, "desk": build_desk,
        "board": build_board, "field": build_field, "dashboard": build_dashboard, "portal": build_portal,
    }
    if page in builders:
        return builders[page](now)
    if page.startswith("print") or page == "label":
        return build_document(now) | {"size": "a4" if page == "print-a4" else "a5", "back_url": "../document/"}
    return {"form": {"title": "林晓燕", "list_label": "客户", "list_url": "../register/"}}.get(page, {"title": page})


def build_register(now):
    """Forty rows of work orders."""
    columns = [("工单号", "", "descending"), ("状态", "c-end", ""), ("时限", "c-end", ""), ("客户", "c-wide", None), ("设备", "c-wide", None),
               ("故障现象", "", None), ("类型", "c-opt", None), ("区域", "c-opt", None), ("工程师", "c-end", None), ("受理", "c-opt", ""), ("费用", "num c-opt", None)]
    rows = []
    for i in range(40):
        label, tone = STATUS[i * 3 % 8]
        rows.append({
            "key": i, "number": f"WO2611220{1944 - i * 7:05d}", "peek_url": "../peek/", "url": "../document/", "status": label, "tone": tone,
            "due": now + timedelta(minutes=(i * 391) % 4200 - 300), "closed": tone in ("mute", "struck"), "customer": PEOPLE[i % 12],
            "phone": f"1{3818061234 + i * 77377}", "thing": THINGS[i % 8], "serial": f"GMV2603{i * 7919:08d}", "fault": FAULTS[i % 10],
            "area": AREAS[i % 7], "engineer": ENGINEERS[i % 9] if i % 3 else "", "at": now - timedelta(minutes=47 * i),
            "fee": Decimal(80 * (i % 5)), "urgent": i % 9 == 4,
        })
    return {
        "title": "工单", "list_url": ".", "columns": [
            {"label": label, "cls": cls, "direction": direction, "sort_url": "?sort=x" if direction is not None else ""} for label, cls, direction in columns],
        "rows": rows, "row_template": "gallery/order_row.html", "pickable": True, "keys": True,
        "tabs": [{"label": "全部", "url": "."}, {"label": "未完成", "url": "?", "count": 203, "current": True},
                 *({"label": label, "url": f"?status={i}", "count": 33 - i * 3} for i, (label, _) in enumerate(STATUS))],
        "views": [{"label": "今日超时", "url": "?v=1"}, {"label": "浦东待派工", "url": "?v=2"}], "save_view": "../move/", "filtered": True,
        "search": {"value": "", "placeholder": "单号 / 客户 / 电话 / 序列号"},
        "filters": [{"name": "kind", "label": "服务类型", "choices": [(1, "上门维修"), (2, "送修")]},
                    {"name": "area", "label": "区域", "choices": list(enumerate(AREAS)), "value": 2},
                    {"name": "engineer", "label": "工程师", "choices": list(enumerate(ENGINEERS))},
                    {"name": "priority", "label": "优先级", "choices": [(1, "加急")]}, {"name": "due", "label": "时限", "choices": [(1, "已超时")]}],
        "tools": [{"label": "导出", "url": "#", "icon": "down"}],
        "pager": {"text": "共 203 张", "place": "1 / 5", "next_url": "?page=2"},
        "bulk": {"url": "../move/", "actions": [("urgent", "设为加急"), ("close", "结算关闭")]},
    }


def build_lines():
    """The line editor with three lines."""
    lines = [("压缩机电容 35μF", "P-10032", 1, 68), ("PP 棉前置滤芯", "P-20119", 2, 59), ("铜管 6/10 (米)", "P-50022-LONG-7", 2, 75)]
    return {
        "lines_url": "../lines/", "parts_url": "../terms/", "default_free": True,
        "lines": [{"id": i, "name": name, "code": code, "qty": qty, "price": f"{price:.2f}", "amount": Decimal(qty * price)}
                  for i, (name, code, qty, price) in enumerate(lines)],
        "totals": [{"label": "备件", "amount": Decimal(336)}, {"label": "人工与上门费", "amount": Decimal(0)},
                   {"label": "应收合计", "amount": Decimal(336), "grand": True}],
    }


def build_document(now):
    """One work order waiting for parts."""
    events = [("仓库 何平", "主控电路板缺货，预计 2 天到货", "bad", 30), ("冯勇", "到达现场，开始服务", "brand", 150), ("冯勇", "已电话联系客户，确认上门时间", "", 260),
              ("调度 李倩", "派工给 冯勇，已短信通知客户", "violet", 304), ("周敏", "电话受理，登记服务请求", "ok", 330)]
    steps = [("受理", "done"), ("待派", "done"), ("派工", "done"), ("服务", "now"), ("结算", ""), ("关闭", "")]
    return build_lines() | {
        "title": "无法开机", "number": "WO261122001926", "list_label": "工单", "list_url": "../register/",
        "status": {"label": "待备件", "tone": "bad"}, "due": now + timedelta(minutes=136), "at": now, "sub": "退换货 · 浦东 · 官网受理 11-22 12:30",
        "print_url": "../print/", "moves": [{"label": "备件到货", "url": "../move/", "primary": True}],
        "steps": [{"label": label, "state": state} for label, state in steps],
        "files": [{"name": "现场照片-铭牌.jpg", "url": "#", "size": 862000}, {"name": "购机发票.pdf", "url": "#", "size": 221000},
                  {"name": "故障视频.mp4", "url": "#", "size": 9700000}], "upload_url": "../move/",
        "events": [{"who": who, "text": text, "tone": tone, "at": now - timedelta(minutes=ago)} for who, text, tone, ago in events],
        "covered": True, "days_left": 310, "days_total": 730,
    }


def build_desk(now):
    """A caller with five units and two open orders."""
    units = [("壁挂炉", "L1PB26 · L1PB2626090000000", 650, 1), ("蒸烤一体机", "ZK-60L · ZK25100000001", 310, 1),
             ("家用中央空调", "GMV-H160WL · GMV25010000002", 30, 0), ("空气能热水器", "KF-200L · KF22100000003", 0, 0)]
    return {
        "title": "前台接待", "desk_url": ".", "q": "13818061234", "units": [
            {"value": i + 1, "title": title, "detail": detail, "key": i + 1, "checked": i == 1, "covered": left > 0, "days_left": left,
             "days_total": 730, "until": (now - timedelta(days=780)).date(), "open_count": open_count}
            for i, (title, detail, left, open_count) in enumerate(units)],
        "orders": [{"fault": FAULTS[i], "number": f"WO26112200192{i}", "thing": THINGS[i], "engineer": ENGINEERS[i], "status": STATUS[i + 2],
                    "due": now + timedelta(minutes=130 - 300 * i)} for i in range(3)],
        "kinds": [(1, "上门维修"), (2, "安装调试"), (3, "保养巡检"), (4, "送修"), (5, "退换货"), (6, "远程支持")],
        "priorities": [("normal", "普通"), ("high", "加急 8 小时"), ("low", "不急")], "hot_terms": TERMS[:8],
    }


def build_board(now):
    """Nine lanes of twelve hours."""
    def job(i, start=None, minutes=60):
        tone = "none" if start is None else "ok" if start < 720 else "brand" if start < 800 else "info"
        return {"id": i, "title": FAULTS[i % 10], "lines": [PEOPLE[i % 12], f"{AREAS[i % 7]} · {THINGS[i % 8]}"], "minutes": minutes, "start": start,
                "urgent": i == 4, "due": now + timedelta(minutes=i * 70 - 130), "tone": "bad" if i == 4 else tone, "movable": tone != "ok", "over": tone == "ok"}

    lanes = []
    for n, name in enumerate(ENGINEERS):
        starts = [480 + 45 * (n % 3), 630 + 15 * (n % 4), 780 + 30 * (n % 2), 870 + 30 * (n % 3), 1020]
        lanes.append({"id": n + 1, "name": name, "detail": f"{AREAS[n % 7]} 空调 净水", "load": 260 + 30 * n, "capacity": 480,
                      "load_text": f"已排 {260 + 30 * n} 分钟 / 480", "rests": [{"start": 720, "minutes": 60}],
                      "jobs": [job(100 + n * 7 + i, start, (60, 90, 45, 75, 90)[i]) for i, start in enumerate(starts)]})
    return {
        "title": "派工看板", "day_label": "11月22日 周日", "sub": "已排 50 单", "day": "2026-11-22", "previous_url": "#", "next_url": "#",
        "assign_url": "../move/", "open_hour": 8, "hours": range(8, 20), "pool": [job(i, minutes=(60, 90, 45)[i % 3]) for i in range(14)], "lanes": lanes,
        "times": [f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(480, 1200, 30)], "now_minute": 840,
    }


def build_field(now):
    """An engineer's day."""
    jobs = [{"time": f"{hour:02d}:30", "fault": FAULTS[i], "thing": THINGS[i], "customer": PEOPLE[i], "address": "宝山区世纪大道1699弄64号2101室", "off": i < 2,
             "status": STATUS[5] if i < 2 else STATUS[2]} for i, hour in enumerate((8, 11, 13, 15, 16))]
    return {
        "title": "张建国，今天 5 单", "sub": "11月22日 · 已完成 2 单", "done": 2, "total": 5, "scan_url": "../desk/", "jobs": jobs, "due": now + timedelta(minutes=268),
        "nav_field": [{"label": "任务", "url": ".", "icon": "list", "current": True}, {"label": "扫码", "icon": "scan", "open": "#scan"},
                      {"label": "备件", "url": "#", "icon": "part"}, {"label": "我的", "url": "#", "icon": "user"}],
        "sign_url": "../move/",
    }


def build_dashboard(now):
    """Figures of a day."""
    made = [32, 51, 34, 45, 41, 51, 45, 59, 77, 57, 48, 33, 49, 65]
    done = [32, 47, 32, 45, 41, 49, 43, 46, 49, 22, 14, 14, 14, 21]
    kinds = [("上门维修", 623), ("保养巡检", 122), ("送修", 118), ("安装调试", 95), ("远程支持", 64), ("退换货", 51)]
    return {
        "title": "仪表盘", "shown_at": now, "kpis": [
            {"label": "今日新增", "value": 65, "url": "../register/", "sub": "昨日 49", "series": made}, {"label": "未完成", "value": 203, "url": "#", "sub": "其中未派工 74"},
            {"label": "已超时", "value": 8, "url": "#", "tone": "bad", "sub": "占未完成 3.9%"}, {"label": "4 小时内到期", "value": 23, "url": "#", "tone": "warn", "sub": "优先安排"},
            {"label": "近 30 天收入", "value": "168,232", "prefix": "¥", "url": "#", "sub": "已完工工单"}],
        "points": [{"label": f"11-{9 + i:02d}", "values": [a, b]} for i, (a, b) in enumerate(zip(made, done, strict=True))], "names": ["新增", "完成"],
        "kinds": [{"label": name, "value": n, "text": f"{n} · {n * 100 // 1073}%"} for name, n in kinds], "kind_rows": [{"label": name, "value": n} for name, n in kinds],
        "funnel": [{"label": label, "value": n, "url": "#"} for (label, _), n in zip(STATUS, (33, 41, 71, 33, 25), strict=False)],
        "late": build_desk(now)["orders"] * 3, "load": [{"label": name, "value": 14 - i} for i, name in enumerate(ENGINEERS)],
    }


def build_portal(now):
    """A customer's orders."""
    return build_document(now) | {
        "title": "我的服务", "nav_portal": [{"label": "服务", "url": ".", "icon": "list", "current": True}, {"label": "报修", "url": "#", "icon": "plus"},
                                        {"label": "设备", "url": "#", "icon": "box"}, {"label": "我的", "url": "#", "icon": "user"}],
        "me": None,
    }


def build_components(now):
    """Something of everything."""
    return build_document(now) | build_desk(now) | {
        "title": "组件", "icons": re.findall(r'id="i-([a-z]+)"', SPRITE.read_text(encoding="utf-8")), "statuses": STATUS, "times": [now + timedelta(minutes=m) for m in (-342, 136, 600, 4000)], "units": build_desk(now)["units"],
        "series": [32, 51, 34, 45, 41, 51, 45, 59, 77], "kinds": build_dashboard(now)["kind_rows"], "changes_event": [
            {"who": "周敏", "at": now, "text": "修改", "tone": "info", "changes": [{"label": "优先级", "before": "普通", "after": "加急"}]}],
    }


def find_palette(text):
    """Palette results for a text."""
    return [
        {"label": "页面", "entries": [{"label": "前台接待", "url": "../desk/", "icon": "headset"}, {"label": "派工看板", "url": "../board/", "icon": "board"}]},
        {"label": "工单", "entries": [{"label": f"WO26112200192{i} {name} · {FAULTS[i]}", "detail": STATUS[i][0], "url": "../document/", "icon": "list"}
                                    for i, name in enumerate(PEOPLE[:6]) if text in name]},
    ]
