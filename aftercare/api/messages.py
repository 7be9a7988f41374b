"""What pydantic found wrong, in the user's language."""

from typing import Any

from django.utils.translation import gettext as _


def texts() -> dict[str, str]:
    """Message by pydantic's error type; `%(…)s` are the error's own parameters."""
    return {
        "missing": _("必填"),
        "extra_forbidden": _("没有这个字段"),
        "string_type": _("应为文字"),
        "string_unicode": _("文字编码有误"),
        "string_too_short": _("至少 %(min_length)s 个字符"),
        "string_too_long": _("最多 %(max_length)s 个字符"),
        "string_pattern_mismatch": _("格式不对"),
        "nul_character": _("含有不能保存的字符"),
        "int_type": _("应为整数"),
        "int_parsing": _("应为整数"),
        "int_from_float": _("应为整数"),
        "int_parsing_size": _("数字太大"),
        "bool_type": _("应为 true 或 false"),
        "bool_parsing": _("应为 true 或 false"),
        "decimal_type": _("应为数字"),
        "decimal_parsing": _("应为数字"),
        "finite_number": _("应为数字"),
        "decimal_max_digits": _("最多 %(max_digits)s 位数字"),
        "decimal_max_places": _("最多 %(decimal_places)s 位小数"),
        "decimal_whole_digits": _("整数部分最多 %(whole_digits)s 位"),
        "greater_than": _("应大于 %(gt)s"),
        "greater_than_equal": _("不能小于 %(ge)s"),
        "less_than": _("应小于 %(lt)s"),
        "less_than_equal": _("不能大于 %(le)s"),
        "date_type": _("应为日期（YYYY-MM-DD）"),
        "date_parsing": _("应为日期（YYYY-MM-DD）"),
        "date_from_datetime_parsing": _("应为日期（YYYY-MM-DD）"),
        "date_from_datetime_inexact": _("应为日期（YYYY-MM-DD）"),
        "day_out_of_range": _("年份应在 1900 到 2200 之间"),
        "instant_out_of_range": _("年份应在 1900 到 2200 之间"),
        "datetime_type": _("应为带时区的时间（RFC 3339）"),
        "datetime_parsing": _("应为带时区的时间（RFC 3339）"),
        "datetime_from_date_parsing": _("应为带时区的时间（RFC 3339）"),
        "datetime_object_invalid": _("应为带时区的时间（RFC 3339）"),
        "timezone_aware": _("时间必须带时区"),
        "literal_error": _("只能是 %(expected)s"),
        "enum": _("只能是 %(expected)s"),
        "list_type": _("应为列表"),
        "too_short": _("至少 %(min_length)s 项"),
        "too_long": _("最多 %(max_length)s 项"),
        "dict_type": _("应为对象"),
        "model_type": _("应为对象"),
        "model_attributes_type": _("应为对象"),
    }


def field_problem(found: dict[str, Any]) -> dict[str, str]:
    """One pydantic error as {field, code, message}."""
    code = found["type"]
    text = texts().get(code)
    if text is None:
        text = _("内容不对")
    else:
        text = text % {key: _range(value) for key, value in (found.get("ctx") or {}).items()}
    return {"field": _field(found["loc"]), "code": code, "message": text}


def _range(value: Any) -> str:
    return str(value).replace("' or '", "'、'").replace("', '", "'、'")


def _field(loc: tuple) -> str:
    # ('body', 'body', 'lines', 0, 'qty') -> lines.0.qty: the place and the argument's name are ours, not the caller's.
    parts = [str(part) for part in loc[1:]]
    if parts and parts[0] in ("body", "asked"):
        parts = parts[1:]
    return ".".join(parts)
