import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import stores.tenants

PLANS = [("free", "free"), ("standard", "standard"), ("professional", "professional")]


def plan():
    return models.CharField(
        choices=PLANS,
        default="free",
        help_text="How many keys other systems may have, and how often they may call.",
        max_length=12,
        verbose_name="plan",
    )


def own_settings():
    return models.JSONField(
        blank=True,
        default=dict,
        help_text="An object of at most 8 kB in JSON. The site itself does not read it.",
        validators=[stores.tenants.check_settings],
        verbose_name="settings of the store's systems",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_machines"),
        ("stores", "0006_dated_advance_days"),
    ]

    operations = [
        migrations.AddField(model_name="store", name="plan", field=plan()),
        migrations.AddField(model_name="store", name="settings", field=own_settings()),
        migrations.AddField(model_name="historicalstore", name="plan", field=plan()),
        migrations.AddField(model_name="historicalstore", name="settings", field=own_settings()),
        migrations.AddField(
            model_name="store",
            name="updated_at",
            field=models.DateTimeField(
                auto_now=True, default=django.utils.timezone.now, verbose_name="updated"
            ),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                (
                    "prefix",
                    models.CharField(
                        editable=False, max_length=20, unique=True, verbose_name="begins with"
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("scopes", models.JSONField(default=list, verbose_name="may")),
                ("created_at", models.DateTimeField(editable=False, verbose_name="created")),
                (
                    "last_used_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="last used"
                    ),
                ),
                (
                    "expires_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="valid until"),
                ),
                (
                    "revoked_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="revoked"
                    ),
                ),
                (
                    "account",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="api_key",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="revoked by",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="api_keys",
                        to="stores.store",
                        verbose_name="store",
                    ),
                ),
            ],
            options={
                "verbose_name": "API key",
                "verbose_name_plural": "API keys",
                "ordering": ["-id"],
            },
        ),
    ]
