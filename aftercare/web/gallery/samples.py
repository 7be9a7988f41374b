"""Sample data of the gallery: lists, documents and the desk. Invented names; no database."""

from datetime import timedelta
from decimal import Decimal

STATUS = [
    ("待受理", "warn"),
    ("待派工", "violet"),
    ("已派工", "info"),
    ("服务中", "brand"),
    ("待备件", "bad"),
    ("待结算", "ok"),
    ("已关闭", "mute"),
    ("已取消", "struck"),
]
PEOPLE = [
    "许思涵",
    "傅勇",
    "林晓燕",
    "曹嘉",
    "谢思娟",
    "胡敏",
    "沈勇",
    "王嘉",
    "赵英思",
    "程桂霞",
    "东方美食广场56部",
    "李丽杰",
]
THINGS = [
    "家用中央空调",
    "对开门冰箱",
    "蒸烤一体机",
    "壁挂炉",
    "嵌入式洗碗机",
    "中央软水机",
    "燃气热水器",
    "滚筒洗衣机",
]
FAULTS = [
    "异味",
    "年度保养",
    "无法开机",
    "跳闸",
    "噪音大",
    "显示 E4 故障码",
    "不制冷",
    "门封老化",
    "漏水",
    "水温忽冷忽热",
]
AREAS = ["静安", "徐汇", "浦东", "松江", "闵行", "宝山", "杨浦"]
ENGINEERS = ["张建国", "李志强", "王海涛", "陈晓明", "刘洋", "赵军", "孙磊", "周文博", "吴俊豪"]
TERMS = [
    {"id": str(i), "label": name, "hint": f"{90 - i * 7} 次", "fill": {"code": f"P-{10030 + i}", "price": "68.00"}}
    for i, name in enumerate([*FAULTS, "压缩机电容 35μF", "PP 棉前置滤芯"])
]
COLUMNS = [
    ("工单号", "", "descending"),
    ("状态", "c-end", ""),
    ("时限", "c-end", ""),
    ("客户", "c-wide", None),
    ("设备", "c-wide", None),
    ("故障现象", "", None),
    ("类型", "c-opt", None),
    ("区域", "c-opt", None),
    ("工程师", "c-end", None),
    ("受理", "c-opt", ""),
    ("费用", "num c-opt", None),
]


def build_rows(now):
    """Forty work orders as a list shows them."""
    rows = []
    for i in range(40):
        label, tone = STATUS[i * 3 % 8]
        rows.append(
            {
                "key": i,
                "number": f"WO2611220{1944 - i * 7:05d}",
                "peek_url": "../peek/",
                "url": "../document/",
                "status": label,
                "tone": tone,
                "due": now + timedelta(minutes=(i * 391) % 4200 - 300),
                "closed": tone in ("mute", "struck"),
                "customer": PEOPLE[i % 12],
                "phone": f"1{3818061234 + i * 77377}",
                "thing": THINGS[i % 8],
                "serial": f"GMV2603{i * 7919:08d}",
                "fault": FAULTS[i % 10],
                "area": AREAS[i % 7],
                "engineer": ENGINEERS[i % 9] if i % 3 else "",
                "at": now - timedelta(minutes=47 * i),
                "fee": Decimal(80 * (i % 5)),
                "urgent": i % 9 == 4,
            }
        )
    return rows


def build_register(now):
    """A list page of work orders."""
    return {
        "title": "工单",
        "list_url": ".",
        "columns": [
            {"label": label, "cls": cls, "direction": direction, "sort_url": "?sort=x" if direction is not None else ""}
            for label, cls, direction in COLUMNS
        ],
        "rows": build_rows(now),
        "row_template": "gallery/order_row.html",
        "pickable": True,
        "keys": True,
        "tabs": [
            {"label": "全部", "url": "."},
            {"label": "未完成", "url": "?", "count": 203, "current": True},
            *({"label": label, "url": f"?status={i}", "count": 33 - i * 3} for i, (label, _) in enumerate(STATUS)),
        ],
        "views": [{"label": "今日超时", "url": "?v=1"}, {"label": "浦东待派工", "url": "?v=2"}],
        "save_view": "../move/",
        "filtered": True,
        "search": {"value": "", "placeholder": "单号 / 客户 / 电话 / 序列号"},
        "filters": [
            {"name": "kind", "label": "服务类型", "choices": [(1, "上门维修"), (2, "送修")]},
            {"name": "area", "label": "区域", "choices": list(enumerate(AREAS)), "value": 2},
            {"name": "engineer", "label": "工程师", "choices": list(enumerate(ENGINEERS))},
            {"name": "priority", "label": "优先级", "choices": [(1, "加急")]},
            {"name": "due", "label": "时限", "choices": [(1, "已超时")]},
        ],
        "tools": [{"label": "导出", "url": "#", "icon": "down"}],
        "pager": {"text": "共 203 张", "place": "1 / 5", "next_url": "?page=2"},
        "bulk": {"url": "../move/", "actions": [("urgent", "设为加急"), ("close", "结算关闭")]},
    }


def build_lines():
    """The line editor with three lines."""
    lines = [
        ("压缩机电容 35μF", "P-10032", 1, 68),
        ("PP 棉前置滤芯", "P-20119", 2, 59),
        ("铜管 6/10 (米)", "P-50022-LONG-7", 2, 75),
    ]
    return {
        "lines_url": "../lines/",
        "parts_url": "../terms/",
        "default_free": True,
        "lines": [
            {"id": i, "name": name, "code": code, "qty": qty, "price": f"{price:.2f}", "amount": Decimal(qty * price)}
            for i, (name, code, qty, price) in enumerate(lines)
        ],
        "totals": [
            {"label": "备件", "amount": Decimal(336)},
            {"label": "人工与上门费", "amount": Decimal(0)},
            {"label": "应收合计", "amount": Decimal(336), "grand": True},
        ],
    }


def build_document(now):
    """One work order waiting for parts."""
    events = [
        ("仓库 何平", "主控电路板缺货，预计 2 天到货", "bad", 30),
        ("冯勇", "到达现场，开始服务", "brand", 150),
        ("冯勇", "已电话联系客户，确认上门时间", "", 260),
        ("调度 李倩", "派工给 冯勇，已短信通知客户", "violet", 304),
        ("周敏", "电话受理，登记服务请求", "ok", 330),
    ]
    steps = [("受理", "done"), ("待派", "done"), ("派工", "done"), ("服务", "now"), ("结算", ""), ("关闭", "")]
    return build_lines() | {
        "title": "无法开机",
        "number": "WO261122001926",
        "list_label": "工单",
        "list_url": "../register/",
        "status": {"label": "待备件", "tone": "bad"},
        "due": now + timedelta(minutes=136),
        "at": now,
        "sub": "退换货 · 浦东 · 官网受理 11-22 12:30",
        "print_url": "../print/",
        "moves": [{"label": "备件到货", "url": "../move/", "primary": True}],
        "steps": [{"label": label, "state": state} for label, state in steps],
        "attached": {
            "files": [
                {"name": name, "label": name, "kind": kind, "url": "#", "size": size}
                for name, kind, size in (("现场照片-铭牌.jpg", "铭牌", 862000), ("购机发票.pdf", "单据", 221000))
            ],
            "upload_url": "../move/", "kinds": [("fault", "故障"), ("other", "其他")], "accept": "image/*",
        },
        "events": [
            {"who": who, "text": text, "tone": tone, "at": now - timedelta(minutes=ago)}
            for who, text, tone, ago in events
        ],
        "covered": True,
        "days_left": 310,
        "days_total": 730,
    }


def build_desk(now):
    """A caller with five units and two open orders."""
    units = [
        ("壁挂炉", "L1PB26 · L1PB2626090000000", 650, 1),
        ("蒸烤一体机", "ZK-60L · ZK25100000001", 310, 1),
        ("家用中央空调", "GMV-H160WL · GMV25010000002", 30, 0),
        ("空气能热水器", "KF-200L · KF22100000003", 0, 0),
    ]
    return {
        "title": "前台接待",
        "desk_url": ".",
        "q": "13818061234",
        "units": [
            {
                "value": i + 1,
                "title": title,
                "detail": detail,
                "key": i + 1,
                "checked": i == 1,
                "covered": left > 0,
                "days_left": left,
                "days_total": 730,
                "until": (now - timedelta(days=780)).date(),
                "open_count": open_count,
            }
            for i, (title, detail, left, open_count) in enumerate(units)
        ],
        "orders": [
            {
                "fault": FAULTS[i],
                "number": f"WO26112200192{i}",
                "thing": THINGS[i],
                "engineer": ENGINEERS[i],
                "status": STATUS[i + 2],
                "due": now + timedelta(minutes=130 - 300 * i),
            }
            for i in range(3)
        ],
        "kinds": [(1, "上门维修"), (2, "安装调试"), (3, "保养巡检"), (4, "送修"), (5, "退换货"), (6, "远程支持")],
        "priorities": [("normal", "普通"), ("high", "加急 8 小时"), ("low", "不急")],
        "hot_terms": TERMS[:8],
    }
