"""Orders by the hundred thousand, written past the actions: the only second way in, and for benchmarks only.

What the actions write for an order is written here too: customer with telephone, unit with owner, order with search
grams, number series, kept figures, and the fact of its opening with its mentions. Orders are spread over three years,
the districts of a city and all states as a living company has them: 97 of 100 are closed. Same count, same rows.
"""

from __future__ import annotations

import datetime as dt
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import islice
from typing import Any

CHUNK = 20_000
YEARS = 3
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英"
PRODUCTS = ("变频空调一号", "滚筒洗衣机", "对开门冰箱", "燃气热水器", "吸油烟机", "电饭煲", "扫地机器人", "空气净化器")
FAULTS = ("不制冷", "漏水", "异响", "不通电", "屏幕不亮", "显示故障代码", "噪音大", "自动停机", "排水不畅", "打不着火")
STREETS = ("南京东路", "漕溪路", "中山北路", "淮海中路", "世纪大道", "四川北路", "长寿路", "虹桥路")
OPEN_STATES = ("pending", "dispatched", "accepted", "scheduled", "working", "waiting_part", "done", "inspected")
DAY = dt.timedelta(days=1)


def fill_orders(count: int, world) -> None:
    """Add that many orders, with a customer for each eight and a unit for each four of them."""
    from django.apps import apps
    from django.db import transaction

    Filler(apps, world).fill(count, transaction)


class Filler:
    """Makes rows in memory and copies them in; ids go on from what is there."""

    def __init__(self, apps, world) -> None:
        self.apps, self.world = apps, world
        self.random = random.Random(20260302)
        self.head = world.head.pk
        self.engineers = [world.people["engineer"].pk, world.people["repairer"].pk]
        given = _given()
        from aftercare.domain.catalog import actions as catalog

        self.products = [catalog.ensure_product(name, brand="清风", category_name="空调", **given)[0] for name in PRODUCTS]
        self.faults = [catalog.ensure_code("fault", name, **given)[0] for name in FAULTS]
        regions = apps.get_model("people.Region").objects.filter(code__startswith="3101").exclude(code="310100")
        self.districts = list(regions.order_by("code").values_list("pk", flat=True))
        self.figures: dict[tuple, list] = defaultdict(lambda: [0, Decimal(0)])

    def fill(self, count: int, transaction) -> None:
        """Write all, a chunk a transaction."""
        next_id = {label: self._last(label) + 1 for label in (
            "parties.Customer", "parties.Phone", "assets.Asset", "assets.Ownership", "work.WorkOrder", "journal.Fact",
            "journal.Mention")}
        done = 0
        with _quick_search(self.apps):
            while done < count:
                size = min(CHUNK, count - done)
                with transaction.atomic():
                    rows = self._chunk(done, size, count, next_id)
                    for label, made in rows.items():
                        _copy(self.apps.get_model(label), made)
                done += size
        self._finish(next_id)

    def _last(self, label: str) -> int:
        from django.db.models import Max

        return self.apps.get_model(label).objects.aggregate(n=Max("pk"))["n"] or 0

    def _chunk(self, done: int, size: int, count: int, ids: dict[str, int]) -> dict[str, list]:
        rows: dict[str, list] = {label: [] for label in ids}
        customer = asset = None
        for i in range(done, done + size):
            at = _moment(i, count)
            if customer is None or i % 8 == 0:
                customer = self._customer(i, at, ids, rows)
            if asset is None or i % 4 == 0:
                asset = self._asset(i, at, customer, ids, rows)
            self._order(i, at, count, customer, asset, ids, rows)
        return rows

    def _take(self, ids: dict[str, int], label: str) -> int:
        ids[label] += 1
        return ids[label] - 1

    def _customer(self, i: int, at, ids, rows) -> dict:
        from aftercare.foundation import search

        draw = self.random
        name = draw.choice(SURNAMES) + draw.choice(GIVEN) + draw.choice(GIVEN)
        phone = f"1{draw.randrange(30, 99)}{draw.randrange(10**8):08d}"
        pk = self._take(ids, "parties.Customer")
        row = {
            "id": pk, "version": 1, "number": f"KX{pk:08d}", "name": name, "name_key": search.fold(name), "phone": phone,
            "branch_id": self.head, "region_id": draw.choice(self.districts), "created_at": at,
            "address": f"{draw.choice(STREETS)}{draw.randrange(1, 900)}号",
        }
        row["search"] = search.grams(row["number"], name, phone, row["address"])
        rows["parties.Customer"].append(row)
        rows["parties.Phone"].append({
            "id": self._take(ids, "parties.Phone"), "customer_id": pk, "shown": phone, "digits": phone, "tail": phone[::-1]})
        return row

    def _asset(self, i: int, at, customer: dict, ids, rows) -> dict:
        from aftercare.foundation import search

        draw, product = self.random, self.random.choice(self.products)
        pk = self._take(ids, "assets.Asset")
        serial = f"SN{draw.randrange(10**10):010d}{pk:06d}"
        row = {
            "id": pk, "version": 1, "number": f"AX{pk:08d}", "product_id": product.pk, "serial": serial, "serial_key": serial.lower(),
            "maker_key": "清风", "customer_id": customer["id"], "branch_id": self.head, "sold_on": (at - 200 * DAY).date(),
            "token": f"bench{pk:020d}", "created_at": at,
        }
        row["search"] = search.grams(row["number"], serial, product.name, customer["name"])
        row["product_name"] = product.name
        rows["assets.Asset"].append(row)
        rows["assets.Ownership"].append({
            "id": self._take(ids, "assets.Ownership"), "asset_id": pk, "customer_id": customer["id"], "from_on": row["sold_on"]})
        return row

    def _order(self, i: int, at, count: int, customer: dict, asset: dict, ids, rows) -> None:
        from aftercare.foundation import search

        draw = self.random
        # What is open is young.
        is_open = i >= count * 0.8 and draw.random() < 0.15
        status = draw.choice(OPEN_STATES) if is_open else draw.choice(("closed",) * 8 + ("settled", "cancelled"))
        fault = draw.choice(self.faults)
        is_free = draw.random() < 0.4
        amount = Decimal(0) if is_free or is_open else Decimal(draw.randrange(3000, 80000)) / 100
        pk = self._take(ids, "work.WorkOrder")
        local = at + dt.timedelta(hours=8)
        finished = None if is_open and status not in ("done", "inspected") else at + dt.timedelta(hours=30)
        row = {
            "id": pk, "version": 5, "number": f"WO{local:%y%m%d}{5_000_000 + pk:07d}", "status": status, "branch_id": self.head,
            "mode": "on_site", "work_type_id": self.world.work_type.pk, "customer_id": customer["id"],
            "contact_name": customer["name"], "phone": customer["phone"], "region_id": customer["region_id"],
            "address": customer["address"], "asset_id": asset["id"], "product_id": asset["product_id"],
            "category_id": self.world.category.pk, "title": fault.name, "fault_id": fault.pk,
            "detail": f"客户说{fault.name}，昨天开始的", "findings": "" if is_open else "更换零件，试机正常",
            "result": "" if is_open else "fixed", "service_class": "C" if is_free else "A",
            "engineer_id": None if status == "pending" else draw.choice(self.engineers),
            "planned_at": at + dt.timedelta(hours=20), "respond_due_at": at + dt.timedelta(hours=6), "due_at": at + 3 * DAY,
            "created_at": at, "month": local.date().replace(day=1), "finished_at": finished,
            "closed_at": at + 5 * DAY if status == "closed" else None, "amount": amount,
        }
        row["search"] = search.grams(
            row["number"], customer["name"], customer["phone"], asset["serial"], asset["product_name"], fault.name)
        rows["work.WorkOrder"].append(row)
        sums = self.figures[row["month"], status]
        sums[0] += 1
        sums[1] += amount
        self._fact(row, at, ids, rows)

    def _fact(self, order: dict, at, ids, rows) -> None:
        pk = self._take(ids, "journal.Fact")
        rows["journal.Fact"].append({
            "id": pk, "at": at, "recorded_at": at, "verb": "work.order.open", "kind": "work.workorder", "object_id": order["id"],
            "number": order["number"], "branch_id": self.head, "actor_kind": "system", "actor_name": "bench",
            "name": "OrderOpened", "data": {"order_id": order["id"], "number": order["number"]}, "changes": {}, "digest": "0" * 64,
        })
        for kind, about in (("parties.customer", order["customer_id"]), ("assets.asset", order["asset_id"])):
            rows["journal.Mention"].append(
                {"id": self._take(ids, "journal.Mention"), "fact_id": pk, "kind": kind, "object_id": about})

    def _finish(self, ids: dict[str, int]) -> None:
        from django.db import connection

        last = self._last("work.Figure")
        _copy(self.apps.get_model("work.Figure"), [
            {"id": last + n, "branch_id": self.head, "month": month, "status": status, "orders": orders, "amount": amount,
             "is_folded": True}
            for n, ((month, status), (orders, amount)) in enumerate(sorted(self.figures.items()), 1)
        ])
        self._seal(ids["journal.Fact"] - 1)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                for label in (*ids, "work.Figure"):
                    table = self.apps.get_model(label)._meta.db_table
                    cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
            cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")

    def _seal(self, last: int) -> None:
        """A seal over the filled facts, so that the server's worker does not spend the measurement on sealing them."""
        from aftercare.foundation import clock

        seals = self.apps.get_model("journal.Seal").objects
        head = seals.order_by("-id").first()
        seals.create(first=head.last + 1 if head else 1, last=last, count=last, sealed_at=clock.now(), digest=f"{last:064d}",
                     previous=head.digest if head else "0" * 64)


@contextmanager
def _quick_search(apps) -> Iterator[None]:
    """SQLite's search tables are built once at the end instead of row by row."""
    from django.db import connection

    if connection.vendor != "sqlite":
        yield
        return
    tables = [apps.get_model(label)._meta.db_table for label in ("parties.Customer", "assets.Asset", "work.WorkOrder")]
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size = -400000")
        cursor.execute("PRAGMA synchronous = OFF")
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = {name: sql for name, sql in cursor.fetchall() if name in {f"{table}_fts_ai" for table in tables}}
        for name in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for sql in triggers.values():
            cursor.execute(sql)
        for table in tables:
            cursor.execute(f"INSERT INTO {table}_fts({table}_fts) VALUES ('rebuild')")
    connection.close()


def _given() -> dict:
    from aftercare.foundation import clock
    from tests.world import SYSTEM

    return {"actor": SYSTEM, "at": clock.now()}


def _moment(i: int, count: int) -> dt.datetime:
    """Spread over the years before the stories begin, in order, a few seconds apart at the least."""
    begin = dt.datetime(2023, 1, 2, tzinfo=dt.UTC)
    return begin + dt.timedelta(seconds=int(YEARS * 365 * 86400 * i / count), microseconds=i % 1000)


def _copy(model, rows: Iterable[dict[str, Any]]) -> None:
    """Copy rows in as they are: columns not named take the model's defaults."""
    from django.db import connection

    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    makers = [_column(field, connection) for field in fields]
    names = ", ".join(f'"{field.column}"' for field in fields)

    def lines() -> Iterator[tuple]:
        yield tuple(make(first) for make in makers)
        for row in rows:
            yield tuple(make(row) for make in makers)

    made = lines()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy:
                for line in made:
                    copy.write_row(line)
            return
        marks = ", ".join(["?"] * len(fields))
        statement = f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({marks})'
        while chunk := list(islice(made, 5000)):
            connection.connection.executemany(statement, chunk)


def _column(field, connection):
    """How a row's value of that field is written."""
    from django.db import models

    name = field.attname
    default = field.get_default()
    is_json, is_sqlite = isinstance(field, models.JSONField), connection.vendor == "sqlite"
    if is_json:
        return lambda row: json.dumps(row.get(name, default), ensure_ascii=False)
    if isinstance(field, models.DateTimeField) and is_sqlite:
        return lambda row: None if row.get(name) is None else row[name].replace(tzinfo=None).isoformat(sep=" ")
    if isinstance(field, models.DecimalField) and is_sqlite:
        return lambda row: None if row.get(name, default) is None else str(row.get(name, default))
    if isinstance(field, models.DateField) and is_sqlite:
        return lambda row: None if row.get(name) is None else row[name].isoformat()
    return lambda row: row.get(name, default)
