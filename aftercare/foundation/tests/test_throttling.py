import datetime as dt

import pytest

from aftercare.foundation import throttling
from aftercare.foundation.models import Throttle

AT = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.mark.both
@pytest.mark.django_db
def test_so_often_in_a_window_and_no_more():
    assert [throttling.hit("a", limit=2, per=HOUR, at=AT) for _ in range(3)] == [True, True, False]
    assert throttling.hit("b", limit=1, per=HOUR, at=AT) and throttling.hit("a", limit=2, per=HOUR, at=AT + HOUR)
    assert not Throttle.objects.filter(key="a").exists(), "no plain keys are kept"
    throttling.forget(before=AT + HOUR)
    assert Throttle.objects.count() == 1
