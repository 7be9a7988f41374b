"""Files of documents: who sees a document sees its files. The one register of parents, for every door.

A door names a parent by its noun in addresses and its number; the parent's own room decides whether the actor sees it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftercare.domain.assets import queries as assets
from aftercare.domain.cases import queries as cases
from aftercare.domain.catalog import access as goods
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.custody import access as things
from aftercare.domain.custody import queries as custody
from aftercare.domain.files import access
from aftercare.domain.files import actions as files
from aftercare.domain.files import queries as kept
from aftercare.domain.parties import queries as parties
from aftercare.domain.people import access as staff
from aftercare.domain.people import queries as people
from aftercare.domain.work import queries as orders
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotAllowed, NotFound
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import whole


@dataclass(frozen=True)
class Parent:
    """What files may belong to.

    `get(key, actor)` is the room's own query (number or id; NotFound where it is not to be seen), `kinds` what is usual here,
    first one first; `page` the address of a number. With `edit` adding and removing need that permission over the parent.
    """

    noun: str
    kind: str
    label: Any
    get: Callable[[str | int, Actor], Any]
    page: str
    kinds: tuple[str, ...] = ("other",)
    edit: str = ""


def _product(key: str | int, actor: Actor) -> Any:
    if not str(key).isdigit():
        raise NotFound(_("没有找到"), kind="catalog.product")
    return catalog.get_product(int(key), actor)


def _part(key: str | int, actor: Actor) -> Any:
    # Parts are addressed by their id; their codes may hold anything.
    return catalog.get_part(int(key) if str(key).isdigit() else str(key), actor)


_OF_WORK = ("fault", "nameplate", "result", "appearance", "paper", "other")
PARENTS: dict[str, Parent] = {
    parent.kind: parent
    for parent in (
        Parent("orders", "work.workorder", gettext_lazy("服务单"), orders.get_order, "/orders/%s/", _OF_WORK),
        Parent("custodies", "custody.custody", gettext_lazy("客户商品"), custody.get_custody, "/custody/%s/",
               ("appearance", "nameplate", "fault", "paper", "other")),
        Parent("assets", "assets.asset", gettext_lazy("设备档案"), assets.get_asset, "/assets/%s/",
               ("nameplate", "appearance", "paper", "other")),
        Parent("contacts", "cases.contact", gettext_lazy("来电登记"), cases.get_contact, "/contacts/%s/", ("fault", "paper", "other")),
        Parent("customers", "parties.customer", gettext_lazy("客户"), parties.get_customer, "/customers/%s/", ("paper", "other")),
        Parent("parts", "catalog.part", gettext_lazy("配件"), _part, "/parts/%s/", ("appearance", "nameplate", "paper", "other"), goods.EDIT),
        # Pictures of the model, exploded views, manuals.
        Parent("products", "catalog.product", gettext_lazy("产品"), _product, "/products/%s/", ("appearance", "paper", "nameplate", "other"),
               goods.EDIT),
        Parent("loaners", "custody.loaner", gettext_lazy("备用机"), custody.get_loaner, "/loaners/%s/", ("appearance", "nameplate", "paper", "other"),
               things.KEEP),
        Parent("tools", "custody.tool", gettext_lazy("工具仪器"), custody.get_tool, "/tools/%s/", ("paper", "nameplate", "appearance", "other"),
               things.KEEP),
        Parent("papers", "custody.paper", gettext_lazy("借阅资料"), custody.get_paper, "/papers/%s/", ("paper", "other"), things.KEEP),
        # Photos of what was given and what came back.
        Parent("holdings", "custody.holding", gettext_lazy("借出领用"), custody.get_holding, "/holdings/%s/", ("appearance", "paper", "other"),
               things.LEND),
        Parent("employees", "people.employee", gettext_lazy("员工"), people.get_employee, "/employees/%s/",
               ("portrait", "paper", "other"), staff.EDIT_EMPLOYEE),
    )
}
NOUNS = {parent.noun: parent for parent in PARENTS.values()}


def find_parent(noun: str, number: str, actor: Actor) -> tuple[Parent, Any]:
    """The parent of that noun and number; NotFound for an unknown noun and for what the actor does not see."""
    parent = NOUNS.get(noun)
    if parent is None:
        raise NotFound(_("没有找到"), kind=noun)
    return parent, parent.get(number, actor)


def may_add(parent: Parent, subject: Any, actor: Actor) -> bool:
    """Whether he may add files to a document that he sees."""
    return actor.holds(access.ADD) and (not parent.edit or _reaches(parent, subject, actor))


def _reaches(parent: Parent, subject: Any, actor: Actor) -> bool:
    if not subject.branches_shown():
        # A shared register: whoever may change it anywhere may.
        return actor.holds(parent.edit)
    own = subject.people_shown() if hasattr(subject, "people_shown") else ()
    return actor.may(parent.edit, branch_id=subject.branch_shown, people=own)


def attach(
    prepared: files.Prepared, *, noun: str, number: str, key: str, kind_of: str = "", caption: str = "", actor: Actor, at: dt.datetime
):
    """Keep a prepared file as one of that document's. Replays by the same key give back the same file."""
    parent, subject = find_parent(noun, number, actor)
    if not may_add(parent, subject, actor):
        raise NotAllowed(_("没有权限：%(permission)s") % {"permission": parent.label}, permission=access.ADD)
    with whole():
        return files.store(
            prepared, key=key, kind_of=kind_of or parent.kinds[0], caption=caption, source=Source.of(subject),
            branch_id=subject.branch_shown, actor=actor, at=at,
        )


def hold(prepared: files.Prepared, *, key: str, kind_of: str = "other", caption: str = "", actor: Actor, at: dt.datetime):
    """Keep a prepared file for a document that is not there yet; `bind` gives it to it."""
    with whole():
        return files.store(prepared, key=key, kind_of=kind_of or "other", caption=caption, actor=actor, at=at)


@whole()
def bind(numbers: Iterable[str], *, subject: Any, actor: Actor, at: dt.datetime) -> int:
    """Give the files that this actor handed in to a document that was just made; gives back how many.

    A number of somebody else, or one that belongs to a document already, is left out: it tells nothing about them.
    """
    found = kept.list_loose(actor, [number for number in numbers if number][: 2 * 60])
    for file in found:
        files.bind(file, source=Source.of(subject), branch_id=subject.branch_shown, actor=actor, at=at)
    return len(found)


def bind_one(file: Any, *, noun: str, number: str, actor: Actor, at: dt.datetime, version: int | None = None):
    """Give a file that this actor handed in to a document that he sees."""
    parent, subject = find_parent(noun, number, actor)
    if not may_add(parent, subject, actor):
        raise NotAllowed(_("没有权限：%(permission)s") % {"permission": parent.label}, permission=access.ADD)
    return files.bind(file, source=Source.of(subject), branch_id=subject.branch_shown, actor=actor, at=at, version=version)


def get_file(number: str, actor: Actor, *, removed: bool = False) -> Any:
    """The file, for whoever sees its document; of one that belongs to nothing yet, for its uploader."""
    file = kept.find_file(number)
    if file is None or (file.status == "removed" and not removed) or file.swept_at is not None:
        raise _gone()
    parent_of(file, actor)
    return file


def parent_of(file: Any, actor: Actor) -> tuple[Parent, Any] | None:
    """The document of that file; NotFound for whoever does not see it. None of one that is its uploader's own still."""
    if not file.source_kind:
        if file.who != kept.who_is(actor):
            raise _gone()
        return None
    parent = PARENTS.get(file.source_kind)
    if parent is None:
        raise _gone()
    try:
        subject = parent.get(file.source_id, actor)
    except NotFound as missing:
        raise _gone() from missing
    if parent.kind == "assets.asset":
        until = assets.hidden_until(subject, actor)
        if until is not None and file.uploaded_at <= until:
            raise _gone()
    return parent, subject


def _gone() -> NotFound:
    return NotFound(_("没有找到附件"), kind="files.storedfile")


def may_remove(file: Any, actor: Actor) -> bool:
    """Whether he may take this file off a document that he sees."""
    if not any(move.name == "remove" for move in kept.open_moves(file, actor)):
        return False
    found = parent_of(file, actor)
    return found is None or not found[0].edit or _reaches(*found, actor)


def remove(file: Any, *, actor: Actor, at: dt.datetime, reason: str = "", version: int | None = None):
    """Take it off, with the reason in the journal. The parent's own permission is asked where it has one."""
    _require_edit(file, actor)
    return files.remove(file, actor=actor, at=at, reason=reason, version=version)


def describe(file: Any, *, actor: Actor, at: dt.datetime, version: int | None = None, **inputs):
    """Another caption or kind."""
    _require_edit(file, actor)
    return files.describe(file, actor=actor, at=at, version=version, **inputs)


def _require_edit(file: Any, actor: Actor) -> None:
    found = parent_of(file, actor)
    if found is not None and found[0].edit and not _reaches(*found, actor):
        raise NotAllowed(_("没有权限：%(permission)s") % {"permission": found[0].label}, permission=found[0].edit)


def list_of(subject: Any, *others: tuple[str, int], actor: Actor) -> list:
    """Files of a document that the caller was shown already, and of others that belong to it (its receipts).

    Of a unit only those that came when its owners were people whom the caller sees.
    """
    found = kept.list_of([(subject.kind, subject.pk), *others])
    if subject.kind != "assets.asset" or not found:
        return found
    until = assets.hidden_until(subject, actor)
    return [file for file in found if until is None or file.uploaded_at > until]


def pictures(kind: str, ids: Iterable[int], *, actor: Actor) -> dict[int, str]:
    """The picture to show for each of these articles (their first of the outside), as numbers of files; one statement.

    Only for registers that all who may look see whole: there is no asking of each parent here.
    """
    if kind not in ("catalog.product", "catalog.part") or not actor.holds(goods.VIEW):
        return {}
    return kept.first_pictures(kind, ids)
