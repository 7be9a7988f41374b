"""What the models and parts of the demo are: article codes, packs, bills of material, substitutes, and drawn pictures."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

from aftercare.demo import words
from aftercare.demo.company import SYSTEM
from aftercare.domain.catalog import actions as catalog
from aftercare.domain.catalog import rules
from aftercare.domain.files import actions as files
from aftercare.flows import attachments

SIZE = (480, 360)
# Shapes on a canvas of 24 × 18: kind, box, tone (0 light … 2 dark).
SHAPES: dict[str, tuple] = {
    "BGL": (("box", (7, 1, 17, 15), 0), ("round", (10, 4, 14, 8), 1), ("box", (9, 11, 15, 12), 2), ("box", (8, 15, 9, 18), 1), ("box", (15, 15, 16, 18), 1)),
    "KT": (("box", (2, 5, 22, 12), 0), ("box", (3, 10, 21, 11), 1), ("box", (18, 6, 20, 7), 2)),
    "BX": (("box", (7, 1, 17, 17), 0), ("box", (7, 8, 17, 8.3), 2), ("box", (15, 3, 15.5, 6), 2), ("box", (15, 10, 15.5, 13), 2)),
    "XYJ": (("box", (6, 2, 18, 17), 0), ("round", (8, 5, 16, 13), 1), ("round", (9.5, 6.5, 14.5, 11.5), 2), ("box", (7, 3, 11, 4), 1)),
    "JSQ": (("box", (7, 2, 17, 17), 0), ("box", (8, 8, 10, 16), 1), ("box", (11, 8, 13, 16), 1), ("box", (14, 8, 16, 16), 1), ("round", (11, 4, 13, 6), 2)),
    "RSQ": (("box", (7, 2, 17, 15), 0), ("box", (9, 4, 15, 7), 1), ("round", (11, 10, 13, 12), 2), ("box", (10, 15, 11, 18), 1), ("box", (13, 15, 14, 18), 1)),
    "YYJ": (("box", (9, 1, 15, 9), 1), ("box", (3, 9, 21, 14), 0), ("box", (6, 12, 18, 12.5), 2)),
    "": (("box", (5, 4, 19, 14), 0), ("round", (8, 6, 12, 10), 1), ("box", (13, 7, 17, 12), 2), ("round", (6, 11, 8, 13), 2)),
}  # fmt: skip
TONES = ((214, 221, 230), (150, 165, 184), (84, 104, 130))
TINTS = {"暖庐": (234, 226, 214), "禾风": (222, 234, 226), "云海": (220, 230, 240), "北澜": (226, 226, 238), "沐泉": (218, 236, 238)}


def describe(made: Any, given: dict) -> None:
    """Give every model its maker, code, parts and picture; every part its code, and a picture where it is dear."""
    for number, (category, model, _name, brand) in enumerate(words.PRODUCTS, 1):
        product = catalog.edit_product(
            made.products[model], version=made.products[model].version, maker=words.MAKERS[brand], gtin=gtin(690100000000 + number), **given)
        lines = [{"part": made.parts[code], "position": position, "qty": Decimal(qty)} for of, position, code, qty in words.FITTINGS if of == category]
        made.products[model] = catalog.replace_fittings(product, lines, **given)
        _picture("products", product.pk, f"{model}.png", draw(category, TINTS[brand]), given)
    for number, (code, _name, category, price, _cost, _kept) in enumerate(words.PARTS, 1):
        part = made.parts[code]
        made.parts[code] = part = catalog.edit_part(part, version=part.version, gtin=gtin(690200000000 + number), **given)
        if Decimal(price) >= 100:
            _picture("parts", part.pk, f"{code}.png", draw("", (236, 236, 232) if category else (240, 238, 230)), given)
    catalog.set_pack(made.parts["TY-001"], name="盒", per_qty=Decimal(50), gtin=gtin(690300000001), **given)
    catalog.set_pack(made.parts["JSQ-001"], name="箱", per_qty=Decimal(12), gtin=gtin(690300000002), **given)
    catalog.add_article_code(made.parts["JSQ-001"], gtin=gtin(690300000003), note="旧包装", **given)
    catalog.set_substitute(made.parts["RSQ-002"], substitute=made.parts["BGL-001"], note="须换固定座", **given)


def gtin(body: int) -> str:
    """An article code of thirteen digits whose check digit is right."""
    return next(code for digit in range(10) if rules.is_gtin(code := f"{body:012d}{digit}"))


def draw(shape: str, tint: tuple[int, int, int]) -> bytes:
    """A plain drawing as PNG."""
    from PIL import Image, ImageDraw

    scale = SIZE[0] / 24
    image = Image.new("RGB", SIZE, tint)
    pen = ImageDraw.Draw(image)
    for kind, box, tone in SHAPES[shape]:
        edges = [round(edge * scale) for edge in box]
        if kind == "round":
            pen.ellipse(edges, fill=TONES[tone])
        else:
            pen.rounded_rectangle(edges, radius=6 if edges[3] - edges[1] > 20 else 2, fill=TONES[tone])
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


def _picture(noun: str, pk: int, name: str, data: bytes, given: dict) -> None:
    attachments.attach(files.prepare(name=name, data=data), noun=noun, number=str(pk), key=f"demo-{noun}-{pk}", kind_of="appearance",
                       actor=SYSTEM, at=given["at"])
