import datetime as dt

import pytest

from aftercare.domain.people import actions
from aftercare.domain.people.models import Role
from aftercare.domain.people.tests.company import Company
from aftercare.foundation.access import Actor

AT = dt.datetime(2026, 3, 4, 2, 0, tzinfo=dt.UTC)


@pytest.fixture
def system() -> Actor:
    return Actor.system("test")


@pytest.fixture
def company(db, system) -> Company:
    """Head office with branch North (and its outlet) and branch South; a role for each reach."""
    make = {"actor": system, "at": AT}
    head = actions.create_branch(number="HQ", name="总部", kind_of="head_office", **make)
    north = actions.create_branch(number="N", name="北方", parent=head, **make)
    outlet = actions.create_branch(number="N1", name="北方网点", kind_of="outlet", parent=north, **make)
    south = actions.create_branch(number="S", name="南方", parent=head, **make)
    for reach in Role.Reach.values:
        actions.create_role(code=reach, name=reach, permissions=["people.view_employee", "people.view_branch"],
                            reach=reach, **make)
    actions.create_role(code="admin", name="管理员", permissions=["*"], reach="all", **make)
    actions.create_role(
        code="chief", name="分部主管", reach="below", **make,
        permissions=["people.view_employee", "people.edit_employee", "people.edit_role", "people.view_role",
                     "people.edit_account", "people.view_branch", "people.edit_branch", "people.make_token"],
    )
    return Company(head, north, outlet, south, system, AT)
