"""Reads of warranties that others may use."""

from aftercare.domain.entitlement.queries.deciding import covers_by_terms, decide, decide_many, decide_new
from aftercare.domain.entitlement.queries.ledger import get_entry, list_entries, load_ledgers
from aftercare.domain.entitlement.queries.sentences import class_label, reason_text, reason_texts, sentence
from aftercare.domain.entitlement.queries.terms import get_term, list_terms, load_terms

__all__ = [
    "class_label",
    "covers_by_terms",
    "decide",
    "decide_many",
    "decide_new",
    "get_entry",
    "get_term",
    "list_entries",
    "list_terms",
    "load_ledgers",
    "load_terms",
    "reason_text",
    "reason_texts",
    "sentence",
]
