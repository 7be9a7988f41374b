"""What happened to people and accounts, told to later reactions."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EmployeeLeft:
    """An employee left; his sign-in and tokens are closed."""

    employee_id: int
    branch_id: int


@dataclass(frozen=True)
class OfficialYearAnnounced:
    """The official days off of a year are known; due times of open work may move."""

    year: int
