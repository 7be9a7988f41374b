"""Permissions and row scope of this room, one file per subject."""

from aftercare.domain.entitlement.access.warranty import EDIT_TERM, OVERRIDE, REGISTER, VIEW, entries, terms

__all__ = ["EDIT_TERM", "OVERRIDE", "REGISTER", "VIEW", "entries", "terms"]
