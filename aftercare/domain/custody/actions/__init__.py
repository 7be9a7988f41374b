"""Every write of this room."""

from aftercare.domain.custody.actions.goods import (
    dispose,
    hand_back,
    mark_ready,
    move_to,
    note_told,
    receive,
    remind,
    unmark_ready,
    void_receipt,
)
from aftercare.domain.custody.actions.holdings import (
    acknowledge,
    bring_back,
    extend,
    hand_over,
    inspect,
    lose,
    note_holding,
    remind_return,
    sign_holding,
    take_back,
)
from aftercare.domain.custody.actions.loaners import (
    create_loaner,
    edit_loaner,
    lend_loaner,
    restore_loaner,
    retire_loaner,
    suspend_loaner,
)
from aftercare.domain.custody.actions.papers import create_paper, edit_paper, find_paper, lend_paper, withdraw_paper
from aftercare.domain.custody.actions.settings import set_rule
from aftercare.domain.custody.actions.tools import (
    calibrate,
    come_back,
    create_tool,
    edit_tool,
    find_tool,
    issue_tool,
    scrap,
    send_away,
)

__all__ = [
    "acknowledge", "bring_back", "calibrate", "come_back", "create_loaner", "create_paper", "create_tool", "dispose", "edit_loaner",
    "edit_paper", "edit_tool", "extend", "find_paper", "find_tool", "hand_back", "hand_over", "inspect", "issue_tool", "lend_loaner",
    "lend_paper", "lose", "mark_ready", "move_to", "note_holding", "note_told", "receive", "remind", "remind_return", "restore_loaner", "retire_loaner",
    "scrap", "send_away", "set_rule", "sign_holding", "suspend_loaner", "take_back", "unmark_ready", "void_receipt", "withdraw_paper",
]  # fmt: skip
