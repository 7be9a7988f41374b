"""How far a role's permissions reach for one employee: from grants to sets of branches and people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from aftercare.foundation.access import Reach


@dataclass(frozen=True)
class Grantable:
    """A role held at a branch: its permissions, its reach, the branch and that branch's path."""

    permissions: tuple[str, ...]
    reach: str
    branch_id: int


def expand_permissions(patterns: Iterable[str], known: Iterable[str]) -> list[str]:
    """The known permissions that match: `work.*` takes, `!work.audit` leaves out again, `*` alone stays `*`.

    A plain name stays even if it is not known (its room may come later).
    """
    patterns, known = list(patterns), sorted(known)
    if patterns == ["*"]:
        return ["*"]
    taken: dict[str, None] = {}
    for pattern in patterns:
        if pattern.startswith("!"):
            for code in [c for c in taken if fnmatchcase(c, pattern[1:])]:
                del taken[code]
        elif "*" in pattern:
            taken.update(dict.fromkeys(c for c in known if fnmatchcase(c, pattern)))
        else:
            taken[pattern] = None
    return sorted(taken)


def calculate_reaches(
    grants: Iterable[Grantable], *, employee_id: int, team: frozenset[int], below: Mapping[int, frozenset[int]]
) -> dict[str, Reach]:
    """Permission -> reach. `below` maps a branch to itself and everything under it."""
    out: dict[str, Reach] = {}
    for grant in grants:
        match grant.reach:
            case "own":
                reach = Reach(people=frozenset({employee_id}))
            case "team":
                reach = Reach(people=team | {employee_id})
            case "branch":
                reach = Reach(branches=frozenset({grant.branch_id}))
            case "below":
                reach = Reach(branches=below.get(grant.branch_id, frozenset({grant.branch_id})))
            case "all":
                reach = Reach(everywhere=True)
            case _:
                raise ValueError(f"unknown reach {grant.reach}")
        for code in grant.permissions:
            out[code] = out[code] | reach if code in out else reach
    return out
