"""Roles are made of the permissions that are known: all of them must be known before any door is opened."""

import json
import os
import subprocess
import sys

from tests.house import tree

_SCRIPT = """
import django; django.setup()
from aftercare.foundation.access import PERMISSIONS
early = set(PERMISSIONS)
import aftercare.config.urls
print(*sorted(set(PERMISSIONS) - early))
"""


def test_all_permissions_are_known_without_the_doors(tmp_path):
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "aftercare.config.settings", "AFTERCARE_DATA_DIR": str(tmp_path)}
    environment.pop("AFTERCARE_DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT], cwd=tree.PACKAGE.parent, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""


_TEMPLATES = """
import django, json; django.setup()
from aftercare.foundation.access import PERMISSIONS
from aftercare.domain.people import roles_default, rules
given = {code for role in roles_default.DEFAULT_ROLES for code in rules.expand_permissions(role.permissions, PERMISSIONS)} - {"*"}
print(json.dumps([sorted(PERMISSIONS), sorted(given), sorted(roles_default.ADMINISTRATORS_OWN)]))
"""


def test_each_permission_is_in_a_default_role_or_named_as_the_administrators_own(tmp_path):
    """Else nobody but the administrator of any company, old or new, could do what was just built."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "aftercare.config.settings", "AFTERCARE_DATA_DIR": str(tmp_path)}
    environment.pop("AFTERCARE_DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-c", _TEMPLATES], cwd=tree.PACKAGE.parent, env=environment, capture_output=True, text=True, check=True
    )
    declared, given, own = (set(codes) for codes in json.loads(done.stdout))
    assert declared - given - own == set()
    assert own & given == set() and own <= declared and given <= declared
