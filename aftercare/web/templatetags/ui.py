"""Template tags and filters of the design system. See docs/design-system.md."""

import datetime
import decimal
import uuid
import zoneinfo

from django import template
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.html import json_script
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from aftercare.foundation import quantity
from aftercare.foundation.money import shown_price
from aftercare.web import bundles, codes, drawing, shells, toasts, words
from aftercare.web.markup import format_html

register = template.Library()

TONES = {"ok", "warn", "bad", "info", "violet", "brand", "gold", "mute", "struck"}
SOON_MINUTES = 4 * 60
FORMATS = {"short": "%m-%d %H:%M", "long": "%Y-%m-%d %H:%M", "time": "%H:%M", "date": "%Y-%m-%d", "day": "%m-%d"}
EMPTY = mark_safe('<span class="nil">—</span>')


# --- page head -----------------------------------------------------------------


@register.simple_tag
def app_css():
    """The one stylesheet, and the tiny script that sets the theme before the first paint."""
    return format_html(
        '<script src="{}"></script><link rel="stylesheet" href="{}">',
        bundles.asset_url("theme.js"),
        bundles.asset_url("app.css"),
    )


@register.simple_tag
def app_js():
    """The one script of our own, run after the page is parsed."""
    return format_html('<script src="{}" defer></script>', bundles.asset_url("app.js"))


@register.simple_tag
def page_css(name):
    """A stylesheet that only some pages need."""
    return format_html('<link rel="stylesheet" href="{}">', bundles.asset_url(name))


@register.simple_tag(takes_context=True)
def page_js(context, name):
    """A script that only some pages need, once a page, run after the one of all pages."""
    known = context.dicts[0].setdefault("_scripts", set())
    if name in known:
        return ""
    known.add(name)
    return format_html('<script src="{}" defer></script>', bundles.asset_url(name))


@register.simple_tag
def html_lang():
    """The page's language as a BCP 47 tag: zh-Hans, zh-Hant, en."""
    return to_locale(get_language() or settings.LANGUAGE_CODE).replace("_", "-")


@register.simple_tag
def ui_messages():
    """The texts that scripts show, as a JSON block, in the language of the page."""
    return json_script(
        {
            "late": _("超时 %s"),
            "left": _("剩 %s"),
            "dayHour": _("{d}天{h}时"),
            "hourMinute": _("{h}时{m}分"),
            "create": _("＋ 新建「%s」"),
            "undo": _("撤销"),
            "close": _("关闭"),
            "undone": _("已撤销"),
            "failed": _("保存失败，请重试"),
            "offline": _("网络中断，内容未保存"),
            "stale": _("页面已过期，请刷新后重试"),
            "denied": _("没有权限执行此操作"),
            "none": _("没有匹配项"),
            "camera": _("无法打开摄像头，请用扫码枪或手工输入"),
            "cameraNone": _("这个浏览器不能用摄像头扫码（可用安卓手机的 Chrome 或 Edge），请用扫码枪或手工输入"),
            "cameraHttps": _("摄像头只在 https 网址下可用，请管理员开通 https；现在请用扫码枪或手工输入"),
            "cameraDenied": _("没有摄像头权限：请在浏览器的网站设置里允许摄像头后再试，或用扫码枪、手工输入"),
            "cameraMissing": _("没有找到摄像头，请用扫码枪或手工输入"),
            "cameraBusy": _("摄像头正被其他程序占用，请关闭后再试"),
            "again": _("重试"),
            "large": _("文件太大"),
            "previous": _("上一个"),
            "next": _("下一个"),
        },
        "i18n",
    )


@register.simple_tag
def icon(name, cls=""):
    """An icon of the sprite; always decoration, so put words beside it or an aria-label around it."""
    return shells.draw_icon(name, cls)


register.simple_tag(shells.draw_sections, name="nav_sections")
register.simple_tag(shells.draw_tabs, name="tab_links")
register.simple_tag(shells.draw_options, name="options")
register.simple_tag(shells.draw_heads, name="table_heads")


@register.simple_tag
def idempotency():
    """A hidden key that makes the same submission count once; scripts renew it for each new intent."""
    return format_html('<input type="hidden" name="idempotency_key" value="{}">', uuid.uuid4())


@register.simple_tag(takes_context=True)
def qs(context, **changes):
    """The current query string with changes; an empty value removes its key, the page always resets."""
    query = context["request"].GET.copy() if "request" in context else QueryDict(mutable=True)
    for key in ("page", "after", "before"):
        query.pop(key, None)
    for key, value in changes.items():
        if value in (None, ""):
            query.pop(key, None)
        else:
            query[key] = value
    for key in [key for key, value in query.items() if value == ""]:
        query.pop(key)
    return "?" + query.urlencode()


# --- values --------------------------------------------------------------------


@register.filter
def told(value):
    """A name of the company's dictionaries in the reader's language, where the catalogues know it."""
    return words.told(str(value)) if value else ""


@register.filter
def money(value, places=2):
    """A number with thousands separators and a fixed count of decimals; empty values become a dash."""
    if value in (None, ""):
        return EMPTY
    return f"{decimal.Decimal(str(value)):,.{int(places)}f}"


@register.filter
def price(value):
    """A price for one unit: two decimals, more only where it has them; empty values become a dash."""
    return EMPTY if value in (None, "") else shown_price(decimal.Decimal(str(value)))


@register.filter
def cell(value):
    """Any value as it should stand in a table cell."""
    if value in (None, ""):
        return EMPTY
    if value is True or value is False:
        return _("是") if value else _("否")
    if isinstance(value, datetime.datetime):
        return f"{timezone.localtime(value) if timezone.is_aware(value) else value:%Y-%m-%d %H:%M}"
    if isinstance(value, datetime.date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, decimal.Decimal):
        return f"{value:,.2f}"
    return value


@register.simple_tag(takes_context=True)
def when(context, value, style="short", zone=None):
    """A moment in the branch's zone (argument, else context ``zone``, else the active one), as <time>.

    ``style`` is short, long, time, date or day. A plain date is shown as it is.
    """
    if not value:
        return EMPTY
    shown = value
    if isinstance(value, datetime.datetime):
        if timezone.is_aware(value):
            shown = timezone.localtime(value, _find_zone(zone or context.get("zone")))
    elif style in ("short", "long", "time"):
        style = "date"
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), shown.strftime(FORMATS[style]))


def _find_zone(zone):
    return zoneinfo.ZoneInfo(zone) if isinstance(zone, str) else zone or timezone.get_current_timezone()


@register.filter
def qty(value):
    """A quantity without trailing zeros."""
    return quantity.shown(value) if isinstance(value, decimal.Decimal) else value


@register.filter
def initial(name):
    """The two signs that stand in an avatar: last two Chinese characters, or Latin initials."""
    name = str(name or "").strip()
    if name.isascii():
        return "".join(word[0] for word in name.split()[:2]).upper()
    return name[-2:]


@register.filter
def pct(part, whole):
    """Per cent of a whole, between 0 and 100, with one decimal at most."""
    return f"{drawing.calculate_percent(part, whole):g}"


@register.filter
def undo_url(message):
    """The undo address of a Django message, or nothing."""
    return toasts.find_undo_url(message)


@register.filter
def extension(name):
    """The file ending in capitals for a file tile, at most four letters."""
    head, dot, tail = str(name).rpartition(".")
    return tail[:4].upper() if dot and head else ""


# --- small components ----------------------------------------------------------


@register.simple_tag
def pill(text, tone="mute", bare=False):
    """A status as dot and word. Tones: ok warn bad info violet brand gold mute struck."""
    if not text:
        return ""
    return format_html(
        '<span class="pill tone-{}{}">{}</span>', tone if tone in TONES else "mute", " bare" if bare else "", text
    )


@register.simple_tag
def urgent():
    """The red mark of an urgent job."""
    return format_html('<span class="urgent" title="{}">{}</span>', _("加急"), _("急"))


@register.simple_tag(takes_context=True)
def countdown(context, due, chip=False):
    """Time left to ``due``, or overdue since; the browser keeps counting. Reads ``now`` from the context if given.

    Late below zero, warning below four hours. ``chip=True`` gives the boxed form of document heads.
    """
    if not due:
        return EMPTY
    now = context.get("now")
    if not isinstance(now, datetime.datetime):
        now = timezone.now()
    minutes = int((due - now).total_seconds() // 60)
    state = "late" if minutes < 0 else "soon" if minutes < SOON_MINUTES else "ok"
    return format_html(
        '<span class="sla {}{}" data-due="{}">{}<span>{}</span></span>',
        state,
        " chip-time" if chip else "",
        int(due.timestamp()),
        icon("clock") if chip else "",
        _tell_minutes(minutes),
    )


def _tell_minutes(minutes):
    size = abs(minutes)
    days, hours = divmod(size // 60, 24)
    span = _("{d}天{h}时").format(d=days, h=hours) if days else _("{h}时{m}分").format(h=hours, m=f"{size % 60:02d}")
    return (_("超时 %s") if minutes < 0 else _("剩 %s")) % span


# --- drawings ------------------------------------------------------------------


@register.simple_tag
def meter(value, whole=100, tone="", tall=False, label=""):
    """A bar filled by ``value`` of ``whole``."""
    return drawing.draw_meter(value, whole, tone, tall, label)


@register.simple_tag
def load_meter(value, whole, label=""):
    """A bar that turns warning above 70 % and red above 90 %."""
    share = drawing.calculate_percent(value, whole)
    return drawing.draw_meter(value, whole, "bad" if share > 90 else "warn" if share > 70 else "", False, label)


@register.simple_tag
def bars(points, names, label="", width=640, height=240):
    """Grouped bars as SVG; see drawing.draw_bars."""
    return drawing.draw_bars(points, names, label, width, height)


@register.simple_tag
def spark(values):
    """A small line beside a figure."""
    return drawing.draw_spark(values)


@register.simple_tag
def donut(rows, label=""):
    """A ring of shares; see drawing.draw_donut. Use components/donut.html to get the legend with it."""
    return drawing.draw_donut(rows, label)


@register.simple_tag
def barcode(text):
    """A Code 128 barcode as SVG."""
    return codes.draw_code128(text)


@register.simple_tag
def qr(text):
    """A QR code as SVG."""
    return codes.draw_qr(text)
