"""What migrations of this room do with rows that are there."""

import importlib

import pytest
from django.apps import apps

from aftercare.domain.entitlement import actions, queries
from aftercare.domain.parties import actions as parties
from aftercare.domain.parties.tests.company import AT
from aftercare.foundation.access import Actor

SYSTEM = {"actor": Actor.system("tests"), "at": AT}


@pytest.mark.both
@pytest.mark.django_db
def test_agreements_by_name_are_linked_to_suppliers_and_keep_their_text_where_none_is_known():
    known = parties.create_supplier(name="清风 电器", **SYSTEM)
    for name in ("清风电器", "清风　电器", "别家"):
        actions.set_agreement(name=name, **SYSTEM)
    importlib.import_module("aftercare.domain.entitlement.migrations.0005_claim_suppliers").link_suppliers(apps, None)
    found = {row.name: row.supplier_id for row in queries.list_agreements(SYSTEM["actor"])}
    assert found == {"清风电器": known.pk, "清风　电器": None, "别家": None}
