"""Pure rules of custody."""

from __future__ import annotations

import hashlib
import hmac

# Letters and digits that are not mistaken for one another when read aloud or typed.
_ALPHABET = "23456789ABCDEFGHJKMNPQRTUVWXY"
APPEARANCE = ("scratched", "dented", "cracked", "dirty", "wet", "opened", "complete")


def calculate_code(secret: bytes, number: str, length: int = 6) -> str:
    """The collection code printed on the receipt: from the number and a secret, so it needs no store of chance."""
    digest = hmac.new(secret, number.encode(), hashlib.sha256).digest()
    return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:length])


def require_release(code: str, given: str, reason: str) -> str | None:
    """What forbids handing the thing over, or None: the receipt's code, or a reason why there is no receipt."""
    if given.strip():
        return None if hmac.compare_digest(given.strip().upper().encode(), code.encode()) else "wrong_code"
    return None if reason.strip() or not code else "code_missing"


def cleaned_list(values) -> list[str]:
    """Checklist entries without blanks and doubles, in their order."""
    return list(dict.fromkeys(str(value).strip() for value in values or () if str(value).strip()))
