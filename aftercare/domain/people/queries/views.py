from __future__ import annotations

from django.db.models import QuerySet

from aftercare.domain.people.models import SavedView


def saved_views(employee_id: int, register: str) -> QuerySet[SavedView]:
    """An employee's own views of a list, by name; the one without a name holds his columns."""
    return SavedView.objects.filter(employee_id=employee_id, register=register).order_by("name")
