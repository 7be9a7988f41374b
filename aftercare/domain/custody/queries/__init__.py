"""Every read of custody that others may use."""

from aftercare.domain.custody.queries.goods import (
    CUSTODY_FILTERS,
    STAGE_CHOICES,
    count_untold,
    find_held_for,
    find_held_for_many,
    find_held_of_asset,
    get_custody,
    last_reminder,
    list_custodies,
    list_due,
    list_of_source,
    list_waiting,
    open_moves,
    places_of,
    reminders_of,
    to_be_judged_ready,
    what_holds,
)
from aftercare.domain.custody.queries.holdings import (
    count_late,
    get_holding,
    holdings_of,
    list_holdings,
    list_in_hands,
    list_late_due,
    list_mine,
    loans_of,
    loans_out_for,
    open_holding_moves,
    signature_of,
    signed_ways,
)
from aftercare.domain.custody.queries.keepings import KINDS_OF_KEEPING, list_keepings, receipt_of_unit, search_keepings
from aftercare.domain.custody.queries.settings import list_rules, rule_at
from aftercare.domain.custody.queries.things import (
    KINDS_OF_PAPER,
    KINDS_OF_TOOL,
    SECRECY,
    calibration_of,
    calibrations_of,
    count_due_for_calibration,
    due_for_calibration,
    get_loaner,
    get_paper,
    get_tool,
    list_free_loaners,
    list_loaners,
    list_papers,
    list_tools,
    open_thing_moves,
    search_loaners,
    search_papers,
    search_tools,
)

__all__ = [
    "CUSTODY_FILTERS", "KINDS_OF_KEEPING", "KINDS_OF_PAPER", "KINDS_OF_TOOL", "SECRECY", "STAGE_CHOICES", "calibration_of",
    "calibrations_of", "count_due_for_calibration", "count_late", "count_untold", "due_for_calibration",
    "find_held_for", "find_held_for_many", "find_held_of_asset", "get_custody", "get_holding", "get_loaner",
    "get_paper", "get_tool", "holdings_of", "last_reminder", "list_custodies", "list_due", "list_free_loaners",
    "list_holdings", "list_in_hands", "list_keepings", "list_late_due", "list_loaners", "list_mine", "list_of_source", "list_papers",
    "list_rules", "list_tools", "list_waiting", "loans_of", "loans_out_for", "open_holding_moves", "open_moves",
    "open_thing_moves", "places_of", "receipt_of_unit", "reminders_of", "rule_at", "search_keepings", "search_loaners", "search_papers", "search_tools",
    "signature_of", "signed_ways", "to_be_judged_ready", "what_holds",
]  # fmt: skip
