"""Every read of work orders that others may use."""

from aftercare.domain.work.lifecycle import NEVER, RUNNING
from aftercare.domain.work.queries.detail import (
    card_of,
    find_by_external_id,
    get_order,
    get_orders,
    materials_of,
    open_moves,
    price_traits,
    read_materials,
    signature_of,
    visits_of,
    with_names,
)
from aftercare.domain.work.queries.dispatching import (
    board,
    day_of_engineer,
    find_unfit,
    pool,
    reason_sentence,
    suggest_engineers,
)
from aftercare.domain.work.queries.engineer import list_for_engineer, list_materials_at_hand
from aftercare.domain.work.queries.figures import compare_figures, count_bench, count_by_status, figures, sums_by_status
from aftercare.domain.work.queries.history import (
    earlier_free_repairs,
    list_of_asset,
    list_of_customer,
    open_numbers_of_asset,
    open_orders_of_asset,
    open_orders_of_customer,
    orders_waiting_for_parts,
    repeats_of,
    suggested_solutions,
    unsettled_orders,
)
from aftercare.domain.work.queries.lists import (
    DUE_SORT,
    ORDER_FILTERS,
    ORDER_SORT,
    Filter,
    list_orders,
    narrow_orders,
)
from aftercare.domain.work.queries.repairs import RepairDone, repairs_of_assets

__all__ = [
    "DUE_SORT", "NEVER", "ORDER_FILTERS", "ORDER_SORT", "RUNNING", "Filter", "RepairDone", "board", "card_of",
    "compare_figures", "count_bench", "count_by_status", "day_of_engineer", "earlier_free_repairs", "figures",
    "find_by_external_id", "find_unfit", "get_order", "get_orders", "list_for_engineer", "list_materials_at_hand",
    "list_of_asset", "list_of_customer", "list_orders", "materials_of", "narrow_orders", "open_moves",
    "open_numbers_of_asset", "open_orders_of_asset", "open_orders_of_customer", "orders_waiting_for_parts", "pool",
    "price_traits", "read_materials", "reason_sentence", "repairs_of_assets", "repeats_of", "signature_of",
    "suggest_engineers", "suggested_solutions", "sums_by_status", "unsettled_orders", "visits_of", "with_names",
]  # fmt: skip
