"""Every read of stock that others may use."""

from aftercare.domain.inventory.queries.balances import (
    at_place,
    available,
    balances,
    below_limit,
    find_serial,
    free_by_place,
    free_lots,
    free_spots,
    levels,
    list_lots,
    lots_of,
    on_hand,
    serials_at,
)
from aftercare.domain.inventory.queries.blind import hidden_at, hidden_from, hidden_keys, seen_balances, seen_free
from aftercare.domain.inventory.queries.classes import (
    abc_of,
    class_history,
    class_matrix,
    classes_of,
    get_classification,
    list_classes,
    list_classifications,
    monthly_usage,
    newest_classifications,
    newest_letters,
)
from aftercare.domain.inventory.queries.costs import costs_of, parts_of, stock_value, unit_costs, unit_values
from aftercare.domain.inventory.queries.documents import get_document, lines_of, list_documents
from aftercare.domain.inventory.queries.moves import (
    cost_of,
    get_move,
    line_costs,
    list_moves,
    moves_of,
    recent_moves,
    seen_moves,
    used_by,
)
from aftercare.domain.inventory.queries.periods import (
    closed_to,
    list_periods,
    list_rules,
    may_close,
    rule_of,
    stock_on,
)
from aftercare.domain.inventory.queries.places import (
    bins_of,
    depot_of,
    depots_of,
    get_bin,
    get_place,
    home_bins,
    homes_in,
    list_bins,
    list_places,
    list_senders,
    places_for,
    require_places,
    van_of,
)
from aftercare.domain.inventory.queries.promises import (
    carried_of,
    get_request,
    list_requests,
    open_requests,
    promised,
    promised_in_stores,
    requests_of,
    reservations_of,
    reserved_for,
)
from aftercare.domain.inventory.queries.stocktakes import (
    book_at,
    count_rule_of,
    count_rules_of,
    counters_of,
    counts_of,
    due_by_place,
    due_parts,
    found_elsewhere,
    get_stocktake,
    holders_of,
    is_counter,
    key_of,
    left_to_count,
    list_count_rules,
    list_stocktakes,
    may_see_book,
    own_counts,
    own_to_count,
    person_of,
    progress_of,
    since_count,
    stocktake_lines,
    value_per_unit,
    why_not_count,
)
from aftercare.domain.inventory.queries.tracing import inside_by_line, on_hand_in, used_lines
from aftercare.domain.inventory.queries.values import (
    amounts_on,
    first_arrival,
    last_usage,
    units_on,
    usage_by_place,
    values_on,
)

__all__ = [
    "abc_of", "amounts_on", "at_place", "available", "balances", "below_limit", "bins_of", "book_at", "carried_of",
    "class_history", "class_matrix", "classes_of", "closed_to", "cost_of", "costs_of", "count_rule_of",
    "count_rules_of", "counters_of", "counts_of", "depot_of", "depots_of", "due_by_place", "due_parts", "find_serial",
    "first_arrival", "found_elsewhere", "free_by_place", "free_lots", "free_spots", "get_bin", "get_classification",
    "get_document", "get_move", "get_place", "get_request", "get_stocktake", "hidden_at", "hidden_from", "hidden_keys",
    "holders_of", "home_bins", "homes_in", "inside_by_line", "is_counter", "key_of", "last_usage", "left_to_count",
    "levels", "line_costs", "lines_of", "list_bins", "list_classes", "list_classifications", "list_count_rules",
    "list_documents", "list_lots", "list_moves", "list_periods", "list_places", "list_requests", "list_rules",
    "list_senders", "list_stocktakes", "lots_of", "may_close", "may_see_book", "monthly_usage", "moves_of",
    "newest_classifications", "newest_letters", "on_hand", "on_hand_in", "open_requests", "own_counts",
    "own_to_count", "parts_of", "person_of", "places_for", "progress_of", "promised", "promised_in_stores",
    "recent_moves", "requests_of", "require_places", "reservations_of", "reserved_for", "rule_of", "seen_balances", "seen_free",
    "seen_moves", "serials_at", "since_count", "stock_on", "stock_value", "stocktake_lines", "unit_costs",
    "unit_values", "units_on", "usage_by_place", "used_by", "used_lines", "value_per_unit", "values_on", "van_of",
    "why_not_count",
]  # fmt: skip
