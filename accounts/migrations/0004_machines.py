import django.utils.timezone
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_history_begins")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="is_machine",
            field=models.BooleanField(
                default=False, editable=False, verbose_name="another system"
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="updated_at",
            field=models.DateTimeField(
                auto_now=True, default=django.utils.timezone.now, verbose_name="updated"
            ),
            preserve_default=False,
        ),
        migrations.RemoveConstraint(model_name="user", name="active_user_can_be_reached"),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=Q(
                    ("email__isnull", False),
                    ("phone__isnull", False),
                    ("is_active", False),
                    ("is_machine", True),
                    _connector="OR",
                ),
                name="active_user_can_be_reached",
            ),
        ),
    ]
