"""`branch_id__walked=[…]`: like `in`, but SQLite does not look it up in the column's own index.

SQLite can walk one index in the order of a list only while it looks up a single value in it. For several values it would
collect all their rows and sort them: the first page of a large register would cost the whole register.
PostgreSQL's planner weighs that by itself.
"""

from django.db.models import Field
from django.db.models.fields.related import ForeignObject
from django.db.models.fields.related_lookups import RelatedIn
from django.db.models.lookups import In


@ForeignObject.register_lookup
class Walked(RelatedIn):
    """Membership that SQLite tests row by row."""

    lookup_name = "walked"

    def as_sqlite(self, compiler, connection):
        sql, params = super().as_sql(compiler, connection)
        return f"+{sql}", params


@Field.register_lookup
class WalkedPlain(In):
    """The same for a column that is no foreign key, e.g. the branch a fact is filed under."""

    lookup_name = "walked"

    def as_sqlite(self, compiler, connection):
        sql, params = super().as_sql(compiler, connection)
        return f"+{sql}", params
