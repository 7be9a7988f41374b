"""Roles are made of the permissions that are known: all of them must be known before any door is opened."""

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
