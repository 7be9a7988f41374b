import datetime as dt

import pytest

from aftercare.foundation import clock
from aftercare.jobs import day_end, schedules


@pytest.mark.django_db
def test_custody_has_its_morning_and_tells_nothing_when_all_is_well():
    schedule, = (one for one in schedules.SCHEDULES if one.name == "custody.day")
    assert schedule.every == dt.timedelta(days=1) and schedule.run is day_end.run_custody
    assert day_end.run_custody(clock.now()) == ""
