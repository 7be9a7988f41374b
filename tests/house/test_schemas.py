"""No two schemas of the API share a name: in the OpenAPI document the later one would silently stand for both."""

from collections import defaultdict

from pydantic import BaseModel

import aftercare.api.app  # noqa: F401  its subjects' schemas are the ones asked about


def _schemas(base: type) -> set[type]:
    found = set()
    for child in base.__subclasses__():
        found |= {child} | _schemas(child)
    return found


def test_each_schema_has_a_name_of_its_own():
    places = defaultdict(set)
    for schema in _schemas(BaseModel):
        module = schema.__module__
        if module.startswith("aftercare.api.") and ".tests." not in module:
            places[schema.__name__].add(module)
    assert {name: sorted(modules) for name, modules in places.items() if len(modules) > 1} == {}
