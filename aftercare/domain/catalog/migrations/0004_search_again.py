from django.db import migrations

from aftercare.foundation.search import SearchAgain


class Migration(migrations.Migration):
    """Step 0002 rebuilt the table of parts on SQLite, which took its search triggers away."""

    dependencies = [("catalog", "0003_fuller_schedule")]

    operations = [SearchAgain("catalog_part")]
