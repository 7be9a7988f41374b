"""Article codes (GTIN): checked, and each used for one article only."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from aftercare.domain.catalog import facts, rules
from aftercare.domain.catalog.access import EDIT
from aftercare.domain.catalog.models import ArticleCode, Pack, Part, Product
from aftercare.foundation import numbering
from aftercare.foundation.access import Actor
from aftercare.foundation.recording import record_about
from aftercare.foundation.refusals import NotFound, RuleBroken
from aftercare.foundation.transactions import step

MOST_CODES = 20


def require_gtin(text: str) -> str:
    """An article code as stored; empty is none. Refuses a false check digit."""
    code = rules.part_code(text)
    if code and not rules.is_gtin(code):
        raise RuleBroken(_("商品条码不正确，请核对位数和校验位"), code="bad_gtin", field="gtin")
    return code


def free_gtin(text: str, *, part: Part | None = None, product: Product | None = None, pack: str = "") -> str:
    """The code as stored for that article; refuses a false one (`bad_gtin`) and one that another article has (`gtin_taken`).

    The article itself, its pack of that name, is none of the others. Call it in the transaction that writes the code.
    """
    gtin = require_gtin(text)
    if not gtin:
        return ""
    # Two articles that get one code at the same moment would not see each other: they take their turns here.
    numbering.take("GTIN")
    written = set(rules.gtin_forms(gtin))
    parts, products = Part.objects.filter(gtin__in=written), Product.objects.filter(gtin__in=written)
    packs, codes = Pack.objects.filter(gtin__in=written), ArticleCode.objects.filter(gtin__in=written)
    if part is not None and pack:
        packs = packs.exclude(part=part, name=pack)
    elif part is not None:
        parts = parts.exclude(pk=part.pk)
    elif product is not None:
        products = products.exclude(pk=product.pk)
    if any(rows.exists() for rows in (parts, products, packs, codes)):
        raise taken()
    return gtin


def taken() -> RuleBroken:
    """The refusal of a code that another article has."""
    return RuleBroken(_("这个商品条码已用于另一种商品或包装"), code="gtin_taken", field="gtin")


def add_article_code(article: Part | Product, *, gtin: str, note: str = "", actor: Actor, at: dt.datetime) -> ArticleCode:
    """A further code under which the article comes, in its base unit."""
    actor.require_anywhere(EDIT)
    with step():
        code = free_gtin(gtin)
        if not code:
            raise RuleBroken(_("请填写商品条码"), code="gtin_missing", field="gtin")
        if article.article_codes.count() >= MOST_CODES:
            raise RuleBroken(_("一种商品最多另有 %(n)s 个条码") % {"n": MOST_CODES}, code="too_many_codes", field="gtin")
        row = ArticleCode.objects.create(gtin=code, note=note.strip()[:60], **_owner(article))
        _tell(article, "add_code", code, actor, at)
    return row


def remove_article_code(article: Part | Product, *, gtin: str, actor: Actor, at: dt.datetime) -> None:
    """The article no longer comes under that code."""
    actor.require_anywhere(EDIT)
    with step():
        if not ArticleCode.objects.filter(gtin=rules.part_code(gtin), **_owner(article)).delete()[0]:
            raise NotFound(_("没有找到这个条码"), kind="catalog.articlecode")
        _tell(article, "remove_code", gtin, actor, at)


def _owner(article: Part | Product) -> dict:
    return {"part": article} if isinstance(article, Part) else {"product": article}


def _tell(article: Part | Product, verb: str, gtin: str, actor: Actor, at: dt.datetime) -> None:
    record_about(article, verb=f"{article.kind}.{verb}", actor=actor, at=at, fact=facts.ArticleCoded(article.pk, gtin))
