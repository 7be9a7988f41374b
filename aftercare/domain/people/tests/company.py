"""A small company for the tests of this room."""

import datetime as dt
from dataclasses import dataclass

from aftercare.domain.people import actions, queries
from aftercare.domain.people.models import Branch, Employee, Role
from aftercare.foundation.access import Actor


@dataclass
class Company:
    head: Branch
    north: Branch
    outlet: Branch
    south: Branch
    system: Actor
    at: dt.datetime

    def hire(self, number: str, branch: Branch | None = None, role: str | None = None, **fields) -> Employee:
        """An employee at a branch (North), holding a role there."""
        branch = branch or self.north
        employee = actions.create_employee(number=number, name=f"员工{number}", branch=branch, actor=self.system,
                                           at=self.at, **fields)
        if role:
            self.grant(employee, role, branch)
        return employee

    def grant(self, employee: Employee, role: str, branch: Branch):
        return actions.grant(employee, role=Role.objects.get(code=role), branch=branch, actor=self.system, at=self.at)

    def actor(self, employee: Employee) -> Actor:
        """The actor as he is at the next request."""
        return queries.actor_for(Employee.objects.select_related("branch").get(pk=employee.pk))
