"""Every read of stock that others may use."""

from aftercare.domain.inventory.queries.balances import (
    available,
    balances,
    below_limit,
    find_serial,
    levels,
    list_lots,
    lots_of,
    on_hand,
    serials_at,
)
from aftercare.domain.inventory.queries.costs import stock_value, unit_costs
from aftercare.domain.inventory.queries.moves import cost_of, get_move, list_moves, moves_of, used_by
from aftercare.domain.inventory.queries.places import (
    bins_of,
    depot_of,
    get_bin,
    get_place,
    home_bins,
    list_bins,
    list_places,
    places_for,
    van_of,
)
from aftercare.domain.inventory.queries.promises import (
    get_request,
    list_requests,
    open_requests,
    promised_in_stores,
    requests_of,
    reservations_of,
    reserved_for,
)

__all__ = [
    "available", "balances", "below_limit", "bins_of", "cost_of", "depot_of", "find_serial", "get_bin", "get_move", "get_place",
    "get_request", "home_bins", "levels", "list_bins", "list_lots", "list_moves", "list_places", "list_requests", "lots_of", "moves_of",
    "on_hand", "open_requests", "places_for", "promised_in_stores", "requests_of", "reservations_of", "reserved_for",
    "serials_at", "stock_value", "unit_costs", "used_by", "van_of",
]  # fmt: skip
