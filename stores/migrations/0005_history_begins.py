from django.db import migrations

from booking_site.common.history import start_history

MODELS = (
    "Store",
    "BookingPolicy",
    "OpeningInterval",
    "SpecialDay",
    "SpecialInterval",
    "Category",
    "StoreMembership",
)


def begin(apps, schema_editor):
    for name in MODELS:
        start_history(apps, "stores", name)


class Migration(migrations.Migration):
    dependencies = [("stores", "0004_history")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop, elidable=True)]
