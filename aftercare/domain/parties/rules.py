"""Telephone numbers, names and masking: pure functions on plain values."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from aftercare.foundation.search import fold

# A number needs five digits (short hotlines such as 95588) and has at most fifteen (E.164) without extension.
SHORTEST, LONGEST = 5, 15
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|x|#|,|;)\s*(\d{1,5})\s*$", re.IGNORECASE)
_THIRD_GROUP = re.compile(r"^(0\d{2,3}-\d{7,8})-(\d{1,5})$")
_MOBILE = re.compile(r"^1[3-9]\d{9}$")
_SERVICE = re.compile(r"^(?:400|800)\d{7}$")
_NUMBER = re.compile(r"^c\d{4,}$")
_PHONE_LIKE = re.compile(r"^[\d\s()+\-.]+$")


@dataclass(frozen=True)
class Telephone:
    """A number as shown and as compared.

    `digits` is the national number followed by its extension; `main` is without extension, `tail` its reverse.
    """

    shown: str
    digits: str
    main: str

    @property
    def tail(self) -> str:
        """The main number reversed, for look-ups by the last digits."""
        return self.main[::-1]


def normalise_phone(text: str) -> Telephone | None:
    """What was typed as a telephone number; None when it cannot be one.

    Full-width signs, spaces, dashes and brackets do not count; +86, 0086 and a bare 86 before a mobile number are
    dropped; a landline that lost its leading 0 behind +86 gets it back; other countries are kept behind 00.
    An extension (转, 分机, ext, x, #, or a third group of a landline) is told apart.
    """
    plain = unicodedata.normalize("NFKC", text).strip().replace("—", "-").replace("–", "-")
    extension = ""
    found = _EXTENSION.search(plain)
    if found:
        extension, plain = found.group(1), plain[: found.start()].strip()
    else:
        third = _THIRD_GROUP.match(plain.replace(" ", ""))
        if third:
            plain, extension = third.groups()
    if re.search(r"[^\d\s()+\-./]", plain):
        return None
    main = _national(plain.startswith("+"), re.sub(r"\D", "", plain))
    if not SHORTEST <= len(main) <= LONGEST + 2:
        return None
    shown = main + (f"转{extension}" if extension else "")
    return Telephone(shown=shown, digits=(main + extension)[:20], main=main)


def _national(is_plus: bool, digits: str) -> str:
    for prefix in ("0086", "86"):
        rest = digits[len(prefix) :]
        if digits.startswith(prefix) and (prefix == "0086" or is_plus or _MOBILE.match(rest)):
            landline = 9 <= len(rest) <= 11 and not rest.startswith("0")
            if landline and not _MOBILE.match(rest) and not _SERVICE.match(rest):
                return "0" + rest
            return rest
    return "00" + digits if is_plus else digits


def partial_digits(text: str) -> str:
    """The digits of a partly typed number, for look-ups by beginning or end."""
    telephone = normalise_phone(text)
    if telephone:
        return telephone.main
    return re.sub(r"\D", "", unicodedata.normalize("NFKC", text))


def shape_of(text: str) -> str:
    """What a desk input looks like: `number` (of a customer file), `phone`, `name` or `` (nothing)."""
    plain = fold(text)
    if not plain:
        return ""
    if _NUMBER.match(plain):
        return "number"
    if normalise_phone(plain) or (_PHONE_LIKE.match(plain) and len(partial_digits(plain)) >= 3):
        return "phone"
    return "name"


def name_key(name: str) -> str:
    """The name as compared: one width and case, without any space."""
    return fold(name).replace(" ", "")[:120]


def mask_phone(text: str) -> str:
    """The number with its middle hidden: `138****0001`; short numbers keep their last two digits."""
    if not text:
        return ""
    if len(text) >= 11:
        return f"{text[:3]}****{text[7:]}"
    if len(text) >= 7:
        return f"{text[:-7]}***{text[-4:]}" if len(text) > 7 else f"***{text[-4:]}"
    return "*" * max(len(text) - 2, 0) + text[-2:]


_ADDRESS_HEAD = re.compile(r"^.*?(?:市辖区|区|县|旗|市(?!区))(?=.)")


def mask_address(text: str) -> str:
    """The address down to its district, the rest hidden: `上海市徐汇区****`."""
    if not text:
        return ""
    head = _ADDRESS_HEAD.match(text)
    city = head.group(0) if head else ""
    if city.endswith("市"):
        district = re.match(r"^.{1,8}?[区县]", text[len(city) :])
        city += district.group(0) if district else ""
    return (city or text[:3]) + "****"


def mask_name(name: str) -> str:
    """A person's name with all but its first character hidden."""
    return name[:1] + "*" * min(max(len(name) - 1, 0), 3)
