"""Every write of warranty terms, of the units' warranty ledger, of contracts and of claims."""

from aftercare.domain.entitlement.actions.claims import (
    answer,
    assign,
    cancel,
    close,
    collect_lines,
    edit_agreement,
    open_claim,
    reimburse,
    send,
    set_agreement,
    take_off,
    withdraw_lines,
)
from aftercare.domain.entitlement.actions.contracts import (
    activate,
    add_scope,
    add_visit_plan,
    create_contract,
    edit_contract,
    note_job,
    remove_scope,
    stop_visit_plan,
    withdraw,
)
from aftercare.domain.entitlement.actions.deciding import override
from aftercare.domain.entitlement.actions.ends import set_end
from aftercare.domain.entitlement.actions.extensions import sell_extension
from aftercare.domain.entitlement.actions.instalments import note_billed
from aftercare.domain.entitlement.actions.ledger import (
    add_repair_days,
    grant_goodwill,
    register_base,
    register_cover,
    reverse_entry,
)
from aftercare.domain.entitlement.actions.quotas import give_back, lapse, use
from aftercare.domain.entitlement.actions.replacing import (
    Replacement,
    register_exchange,
    register_replacements,
    reverse_source,
)
from aftercare.domain.entitlement.actions.right_claims import (
    add_evidence,
    claim_right,
    finish_right,
    grant_right,
    refuse_right,
    withdraw_right,
)
from aftercare.domain.entitlement.actions.right_rules import (
    check_rule,
    create_right_rule,
    edit_right_rule,
    load_right_sets,
    reopen_rule,
)
from aftercare.domain.entitlement.actions.running import (
    end,
    expire,
    make_notices,
    note_told,
    pass_on,
    renew,
    resume,
    suspend,
)
from aftercare.domain.entitlement.actions.terms import create_term, edit_term, swap_excluded_code
from aftercare.domain.entitlement.actions.visits import note_opened, plan_visits, put_back, put_off, skip

__all__ = [
    "Replacement", "activate", "add_evidence", "add_repair_days", "add_scope", "add_visit_plan", "answer", "assign",
    "cancel", "check_rule", "claim_right", "close", "collect_lines", "create_contract", "create_right_rule",
    "create_term", "edit_agreement", "edit_contract", "edit_right_rule", "edit_term", "end", "expire", "finish_right",
    "give_back", "grant_goodwill", "grant_right", "lapse", "load_right_sets", "make_notices", "note_billed",
    "note_job", "note_opened", "note_told", "open_claim", "override", "pass_on", "plan_visits", "put_back", "put_off",
    "refuse_right", "register_base", "register_cover", "register_exchange", "register_replacements", "reimburse",
    "remove_scope", "renew", "reopen_rule", "resume", "reverse_entry", "reverse_source", "sell_extension", "send",
    "set_agreement", "set_end", "skip", "stop_visit_plan", "suspend", "swap_excluded_code", "take_off", "use", "withdraw", "withdraw_lines",
    "withdraw_right",
]  # fmt: skip
