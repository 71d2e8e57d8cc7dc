"""The categories that the product starts with."""

from importlib import import_module

import pytest
from django.apps import apps

from stores.models import Category

add_categories = import_module("stores.migrations.0002_categories").add_categories


@pytest.mark.django_db
def test_they_are_those_of_the_seed_in_both_languages():
    Category.objects.all().delete()

    add_categories(apps, None)

    assert list(Category.objects.values_list("slug", "name", "name_en")) == [
        ("housekeeping", "家政", "Housekeeping"),
        ("repair", "维修", "Repair"),
        ("delivery", "配送", "Delivery"),
        ("education", "教育", "Education"),
        ("medical", "医疗", "Medical care"),
        ("beauty", "美容", "Beauty"),
        ("other", "其他", "Other"),
    ]


@pytest.mark.django_db
def test_what_staff_have_renamed_stays_renamed():
    Category.objects.all().delete()
    Category.objects.create(slug="other", name="杂项", position=99)

    add_categories(apps, None)
    add_categories(apps, None)

    assert Category.objects.count() == 7
    assert Category.objects.get(slug="other").name == "杂项"
