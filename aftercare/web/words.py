"""Words of the company's own dictionaries in the reader's language, where the catalogues know them."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

# Services and units as most companies name them: collected for the catalogues, so that a list for customers reads well.
COMMON = (
    gettext_noop("维修"), gettext_noop("安装"), gettext_noop("保养"), gettext_noop("清洗"), gettext_noop("保养清洗"),
    gettext_noop("调试"), gettext_noop("移机"), gettext_noop("检测"), gettext_noop("回收"), gettext_noop("个"), gettext_noop("件"),
    gettext_noop("只"), gettext_noop("台"), gettext_noop("套"), gettext_noop("根"), gettext_noop("米"), gettext_noop("瓶"),
    gettext_noop("盒"), gettext_noop("块"), gettext_noop("张"), gettext_noop("空调"), gettext_noop("冰箱"),
    gettext_noop("洗衣机"), gettext_noop("热水器"), gettext_noop("电视"), gettext_noop("打印机"), gettext_noop("燃气灶"),
    gettext_noop("壁挂炉"), gettext_noop("净水器"),
)  # fmt: skip


def told(name: str) -> str:
    """The stored name in the reader's language; as it was stored where no translation is known."""
    return gettext(name) if name else ""
