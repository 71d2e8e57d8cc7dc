from django.db import migrations, models
from django.db.models import Case, F, OuterRef, Q, Subquery, When


def find_spots(apps, schema_editor):
    """As ListingQuerySet.find_spots does."""
    listings = apps.get_model("realtors", "Listing").objects
    stores = apps.get_model("stores", "Store").objects.filter(pk=OuterRef("store"))
    no_own = Q(latitude=None) | Q(longitude=None)
    listings.update(
        **{
            f"spot_{name}": Case(When(no_own, then=Subquery(stores.values(name))), default=F(name))
            for name in ("latitude", "longitude")
        }
    )


class Migration(migrations.Migration):
    dependencies = [
        ("realtors", "0007_interest"),
        ("stores", "0006_dated_advance_days"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="listing", name="listing_by_latitude"),
        migrations.AddField(
            model_name="listing",
            name="spot_latitude",
            field=models.DecimalField(decimal_places=6, editable=False, max_digits=9, null=True),
        ),
        migrations.AddField(
            model_name="listing",
            name="spot_longitude",
            field=models.DecimalField(decimal_places=6, editable=False, max_digits=9, null=True),
        ),
        migrations.RunPython(find_spots, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                fields=["kind", "status", "spot_latitude", "spot_longitude"],
                name="listing_by_spot",
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(fields=["review_count", "rating"], name="listing_by_reviews"),
        ),
    ]
