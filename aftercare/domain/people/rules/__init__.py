"""Pure rules of people: working time, official days, divisions. No database, no clock, no Django."""

from aftercare.domain.people.rules.days import OfficialDay, OfficialYear, read_official_years
from aftercare.domain.people.rules.divisions import Division, is_urban_by_name, read_divisions
from aftercare.domain.people.rules.reach import Grantable, calculate_reaches, expand_permissions
from aftercare.domain.people.rules.renewing import Renewal, renew_from_template, renew_own
from aftercare.domain.people.rules.working_time import NeverOpen, WorkingClock, find_overlap, minutes_of

__all__ = [
    "Division",
    "Grantable",
    "NeverOpen",
    "OfficialDay",
    "OfficialYear",
    "Renewal",
    "WorkingClock",
    "calculate_reaches",
    "expand_permissions",
    "find_overlap",
    "is_urban_by_name",
    "minutes_of",
    "read_divisions",
    "read_official_years",
    "renew_from_template",
    "renew_own",
]
