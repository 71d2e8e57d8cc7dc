from django.db import migrations

from booking_site.common.history import start_history


def begin(apps, schema_editor):
    start_history(apps, "accounts", "User")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_history")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop, elidable=True)]
