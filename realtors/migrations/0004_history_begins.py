from django.db import migrations

from booking_site.common.history import start_history


def begin(apps, schema_editor):
    for name in ("Realtor", "WorkingInterval", "TimeOff"):
        start_history(apps, "realtors", name)
    keep_skills(apps)


def keep_skills(apps):
    through = apps.get_model("realtors", "Realtor").skills.through
    kept = apps.get_model("realtors", "HistoricalRealtor_skills")
    versions = apps.get_model("realtors", "HistoricalRealtor").objects
    first = dict(versions.order_by("-history_id").values_list("id", "history_id"))
    rows = through.objects.values("id", "realtor_id", "category_id")
    kept.objects.bulk_create(
        (kept(**row, history_id=first[row["realtor_id"]]) for row in rows), batch_size=1000
    )


class Migration(migrations.Migration):
    dependencies = [("realtors", "0003_history")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop, elidable=True)]
