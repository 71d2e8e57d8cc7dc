"""The categories that the product starts with. Staff may rename, reorder and add."""

from django.db import migrations

CATEGORIES = (
    ("housekeeping", "家政", "Housekeeping"),
    ("repair", "维修", "Repair"),
    ("delivery", "配送", "Delivery"),
    ("education", "教育", "Education"),
    ("medical", "医疗", "Medical care"),
    ("beauty", "美容", "Beauty"),
    ("other", "其他", "Other"),
)


def add_categories(apps, schema_editor):
    category = apps.get_model("stores", "Category")
    for position, (slug, name, name_en) in enumerate(CATEGORIES, start=1):
        facts = {"name": name, "name_en": name_en, "position": position}
        category.objects.get_or_create(slug=slug, defaults=facts)


class Migration(migrations.Migration):
    dependencies = [("stores", "0001_initial")]
    # Going back leaves them: realtors may have them as skills by now.
    operations = [migrations.RunPython(add_categories, migrations.RunPython.noop)]
