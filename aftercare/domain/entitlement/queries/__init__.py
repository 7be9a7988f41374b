"""Reads of warranties that others may use."""

from aftercare.domain.entitlement.queries.claims import (
    agreement_for,
    compare,
    get_agreement,
    get_claim,
    get_claim_line,
    is_claim_open,
    lines_of_claim,
    list_agreements,
    list_claim_lines,
    list_claims,
    waiting,
    waiting_sums,
)
from aftercare.domain.entitlement.queries.contracts import (
    contracts_of_customer,
    earned_amounts,
    ended_with_quota,
    ending_soon,
    find_renewal_of,
    foresee_end,
    get_contract,
    get_instalment,
    get_notice,
    get_visit,
    instalments_due,
    instalments_of,
    job_of,
    jobs_of,
    jobs_of_many,
    last_uses,
    list_contracts,
    list_instalments,
    list_notices,
    list_visits,
    over_by,
    over_quota,
    quota_ledger,
    quotas_of,
    standing_uses,
    to_notice,
    visits_to_open,
    with_instalments,
)
from aftercare.domain.entitlement.queries.coverage import find_contracts, load_coverage, tell_contracts
from aftercare.domain.entitlement.queries.deciding import (
    covers_by_terms,
    decide,
    decide_many,
    decide_new,
    load_contracts,
    local_day,
    plain_units,
)
from aftercare.domain.entitlement.queries.explaining import sentence, told_first, told_second
from aftercare.domain.entitlement.queries.fleet import Standing, walk_fleet
from aftercare.domain.entitlement.queries.ledger import (
    first_line,
    get_entry,
    list_entries,
    load_ledgers,
    read_entries,
    without_papers,
)
from aftercare.domain.entitlement.queries.right_words import (
    exclusion_labels,
    law_text,
    proof_labels,
    remedy_label,
    right_change,
    right_reason,
    right_sentence,
    right_texts,
)
from aftercare.domain.entitlement.queries.rights import (
    ask_rights,
    get_right_claim,
    get_right_rule,
    line_of,
    list_right_claims,
    list_right_rules,
    load_right_rules,
    right_claims_of,
    right_claims_of_asset,
    right_kinds,
    right_sets,
    searched_right_claims,
    try_right_rule,
)
from aftercare.domain.entitlement.queries.sentences import (
    class_label,
    payer_label,
    reason_text,
    reason_texts,
    start_label,
    state_label,
    verdict_label,
)
from aftercare.domain.entitlement.queries.terms import (
    extensions_for,
    get_term,
    list_terms,
    load_all_terms,
    load_terms,
)
from aftercare.domain.entitlement.queries.trying import Trial, in_every_language, try_out

__all__ = [
    "Standing", "Trial", "agreement_for", "ask_rights", "class_label", "compare", "contracts_of_customer",
    "covers_by_terms", "decide", "decide_many", "decide_new", "earned_amounts", "ended_with_quota", "ending_soon",
    "exclusion_labels", "extensions_for", "find_contracts", "find_renewal_of", "first_line", "foresee_end", "get_agreement",
    "get_claim", "get_claim_line", "get_contract", "get_entry", "get_instalment", "get_notice", "get_right_claim",
    "get_right_rule", "get_term", "get_visit", "in_every_language", "instalments_due", "instalments_of",
    "is_claim_open", "job_of", "jobs_of", "jobs_of_many", "last_uses", "law_text", "line_of", "lines_of_claim",
    "list_agreements", "list_claim_lines", "list_claims", "list_contracts", "list_entries", "list_instalments",
    "list_notices", "list_right_claims", "list_right_rules", "list_terms", "list_visits", "load_all_terms",
    "load_contracts", "load_coverage", "load_ledgers", "load_right_rules", "load_terms", "local_day", "over_by",
    "over_quota", "payer_label", "plain_units", "proof_labels", "quota_ledger", "quotas_of", "read_entries", "reason_text",
    "reason_texts", "remedy_label", "right_change", "right_claims_of", "right_claims_of_asset", "right_kinds",
    "right_reason", "right_sentence", "right_sets", "right_texts", "searched_right_claims", "sentence",
    "standing_uses", "start_label", "state_label", "tell_contracts", "to_notice", "told_first", "told_second",
    "try_out", "try_right_rule", "verdict_label", "visits_to_open", "waiting", "waiting_sums", "walk_fleet",
    "with_instalments", "without_papers",
]  # fmt: skip
