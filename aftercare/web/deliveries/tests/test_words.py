"""What the house does by itself is told in words."""

from types import SimpleNamespace

from django.utils import translation

from aftercare.jobs.schedules import SCHEDULES as JOBS
from aftercare.web.deliveries.views import SCHEDULES
from aftercare.web.pages import timelines


def test_every_periodic_job_has_words_of_its_own():
    assert {job.name for job in JOBS} == set(SCHEDULES)


def test_who_did_it_is_a_person_or_the_system():
    with translation.override("zh-hans"):
        assert timelines.who(SimpleNamespace(actor_kind="system", actor_name="reactions")) == "系统"
        assert timelines.who(SimpleNamespace(actor_kind="employee", actor_name="林晓岚")) == "林晓岚"
