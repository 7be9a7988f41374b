"""Every write of the catalogue: words (typed or kept), parts, schedules."""

from aftercare.domain.catalog.actions.fees import end_labour_price, set_labour_price, withdraw_labour_price
from aftercare.domain.catalog.actions.gtins import add_article_code, remove_article_code
from aftercare.domain.catalog.actions.merging import absorb, hold_for_merging, merge_fittings, merge_part_structure
from aftercare.domain.catalog.actions.parts import create_part, edit_part, ensure_part, set_part_price
from aftercare.domain.catalog.actions.schedule import edit_service_level, set_service_level
from aftercare.domain.catalog.actions.structure import (
    MOST_FITTINGS,
    copy_fittings,
    remove_fitting,
    remove_pack,
    remove_substitute,
    replace_fittings,
    set_fitting,
    set_pack,
    set_substitute,
)
from aftercare.domain.catalog.actions.uses import count_use, gathered_uses
from aftercare.domain.catalog.actions.words import (
    confirm_word,
    edit_category,
    edit_code,
    edit_product,
    edit_work_type,
    ensure_category,
    ensure_code,
    ensure_product,
    ensure_work_type,
)

__all__ = [
    "MOST_FITTINGS", "absorb", "add_article_code", "confirm_word", "copy_fittings", "count_use", "create_part", "edit_category",
    "edit_code", "edit_part", "edit_product", "edit_service_level", "edit_work_type", "end_labour_price", "ensure_category",
    "ensure_code", "ensure_part", "ensure_product", "ensure_work_type", "gathered_uses", "hold_for_merging", "merge_fittings",
    "merge_part_structure", "remove_article_code", "remove_fitting", "remove_pack", "remove_substitute", "replace_fittings",
    "set_fitting", "set_labour_price", "set_pack", "set_part_price", "set_service_level", "set_substitute",
    "withdraw_labour_price",
]
