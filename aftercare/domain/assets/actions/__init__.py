"""Every write of units, of who owned them, of their components and counters."""

from aftercare.domain.assets.actions.components import place_component, reverse_swap, swap_component
from aftercare.domain.assets.actions.exchanges import note_exchange, undo_exchange
from aftercare.domain.assets.actions.merged import take_over_units
from aftercare.domain.assets.actions.readings import add_reading
from aftercare.domain.assets.actions.units import (
    DAYS,
    EDITABLE,
    TEXTS,
    change_owner,
    edit_asset,
    install,
    register_asset,
    release_owner,
    renew_token,
)

__all__ = [
    "DAYS", "EDITABLE", "TEXTS", "add_reading", "change_owner", "edit_asset", "install", "note_exchange",
    "place_component", "register_asset", "release_owner", "renew_token", "reverse_swap", "swap_component", "take_over_units",
    "undo_exchange",
]
