"""Which SQLite the process uses.

The system's SQLite is often one with the WAL-reset race (3.7.0 to 3.51.2), which can lose committed rows when
several connections write. The wheel `pysqlite3` carries a safe one, so it takes the place of the standard module.
"""

import sys


def use_bundled_sqlite() -> bool:
    """Put `pysqlite3` in place of `sqlite3`; answer whether it was there to be put."""
    try:
        import pysqlite3
        import pysqlite3.dbapi2
    except ImportError:  # no wheel for this platform: durability.py decides whether the system's one will do
        return False
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
    return True
