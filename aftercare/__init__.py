"""Aftercare: an after-sales service platform.

Importing the package puts a safe SQLite in place before Django can load the system's one.
"""

from aftercare._sqlite import use_bundled_sqlite

__version__ = "0.1.0"

use_bundled_sqlite()
