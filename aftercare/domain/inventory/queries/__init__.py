"""Every read of stock that others may use."""

from aftercare.domain.inventory.queries.balances import (
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
from aftercare.domain.inventory.queries.costs import costs_of, stock_value, unit_costs
from aftercare.domain.inventory.queries.documents import get_document, lines_of, list_documents
from aftercare.domain.inventory.queries.moves import (
    cost_of,
    get_move,
    line_costs,
    list_moves,
    moves_of,
    recent_moves,
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
    get_bin,
    get_place,
    home_bins,
    homes_in,
    list_bins,
    list_places,
    places_for,
    van_of,
)
from aftercare.domain.inventory.queries.promises import (
    get_request,
    list_requests,
    open_requests,
    promised,
    promised_in_stores,
    requests_of,
    reservations_of,
    reserved_for,
)

__all__ = [
    "available", "balances", "below_limit", "bins_of", "closed_to", "cost_of", "costs_of", "depot_of",
    "find_serial", "free_by_place", "free_lots", "free_spots", "get_bin", "get_document", "get_move", "get_place", "get_request",
    "home_bins", "homes_in", "levels", "line_costs", "lines_of", "list_bins", "list_documents", "list_lots",
    "list_moves", "list_periods", "list_places", "list_requests", "list_rules", "lots_of", "may_close", "moves_of",
    "on_hand", "open_requests", "places_for", "promised", "promised_in_stores", "recent_moves", "requests_of",
    "reservations_of", "reserved_for", "rule_of", "serials_at", "stock_on", "stock_value", "unit_costs", "used_by",
    "van_of",
]  # fmt: skip
