"""Every write of sales, and of what customers are told."""

from aftercare.domain.orders.actions.notices import Party, end_duties, may_tell, open_duty, tell_customer
from aftercare.domain.orders.actions.sales import (
    arrive,
    cancel,
    hand_out,
    notify,
    open_sale,
    place_order,
    rewrite,
    take_back,
    trusted,
)

__all__ = [
    "Party", "arrive", "cancel", "end_duties", "hand_out", "may_tell", "notify", "open_duty", "open_sale", "place_order", "rewrite", "take_back",
    "tell_customer", "trusted",
]  # fmt: skip
