"""Values are written as Django's fields would write them, whichever way they take."""

import datetime as dt
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models

from aftercare.foundation import values

SAMPLES = (
    None, 0, 7, -3, True, False, "", "7", "空调", Decimal("0.10"), Decimal("3"), Decimal("1234567.891"), dt.date(2026, 2, 28),
    dt.datetime(2026, 2, 28, 23, 30, tzinfo=dt.timezone(dt.timedelta(hours=8))), dt.datetime(2026, 2, 28, 1, 2, 3, 4, tzinfo=dt.UTC),
)


def _named(field):
    field.set_attributes_from_name("it")
    return field


def _outcome(write, value):
    try:
        made = write(value)
    except Exception as problem:
        return type(problem)
    return type(made), repr(made)  # what the driver wraps compares by its text only


@pytest.mark.both
@pytest.mark.django_db
def test_every_column_of_every_model_writes_every_value_as_its_field_does():
    asked = 0
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            column = values.column(field)
            for value in SAMPLES:
                wanted = _outcome(lambda value, field=field: field.get_db_prep_save(value, connection), value)
                assert _outcome(lambda value, column=column: column.save(value, connection), value) == wanted, (field, value)
                asked += 1
    assert asked > 10_000


@pytest.mark.django_db
def test_what_is_no_number_is_refused_as_ever():
    column = values.column(_named(models.DecimalField(max_digits=9, decimal_places=2)))
    with pytest.raises(ValidationError):
        column.save(Decimal("NaN"), connection)


def test_a_field_with_a_way_of_its_own_keeps_it():
    class Loud(models.CharField):
        def get_prep_value(self, value):
            return value.upper()

    column = values.column(_named(Loud(max_length=9)))
    assert column.kind is None
    assert column.save("abc", connection) == "ABC"
    assert values.column(_named(models.DateTimeField(auto_now=True))).attribute == ""  # the field makes the value itself
