"""What happened to a contact."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ContactRegistered:
    """Somebody approached us."""

    contact_id: int
    number: str
    kind: str
    channel: str


@dataclass(frozen=True)
class ContactHandedOn:
    """A contact has a handler now."""

    contact_id: int
    handler_id: int | None


@dataclass(frozen=True)
class ContactDone:
    """A contact has its outcome; `led_to` is the number of the document it became, if it became one."""

    contact_id: int
    outcome: str
    led_to: str = ""


@dataclass(frozen=True)
class ContactReopened:
    """A contact that was done is not."""

    contact_id: int
    reason: str


@dataclass(frozen=True)
class ContactVoided:
    """A contact was registered by mistake."""

    contact_id: int
    reason: str


@dataclass(frozen=True)
class ContactNoted:
    """Somebody wrote a word on a contact."""

    contact_id: int


@dataclass(frozen=True)
class CallerUnmasked:
    """Somebody looked at the full number of a caller who is no customer of the register."""

    contact_id: int
