"""The company that benchmarks play in: the tests' own, with stock enough and a token for each of its people."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

ENOUGH = Decimal(1_000_000)


class Company:
    """The world of `tests.world`, and `tokens` by the cast's names."""

    def __init__(self, world: Any, tokens: dict[str, str]) -> None:
        self.world, self.tokens = world, tokens


def found() -> Company:
    """Found the company in an empty database by the product's own actions."""
    from aftercare.domain.inventory import actions as inventory
    from aftercare.domain.people import actions as people
    from aftercare.foundation import clock
    from tests import world as worlds

    world = worlds.found()
    given = {"actor": worlds.SYSTEM, "at": clock.now()}
    lines = [(part.pk, ENOUGH, Decimal("4.00")) for part in (world.compressor, world.capacitor)]
    inventory.receive(world.depot, lines=lines, **given)
    tokens = {
        name: people.make_token(person, name="bench", scopes=["*"], **given)[1] for name, person in world.people.items()
    }
    return Company(world, tokens)
