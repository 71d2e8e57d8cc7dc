"""The form of a store's own page."""

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stores.models import STORE_OF_ONE

from .intakes import CategoryIntake, StoreIntake
from .promises import left_behind


class StoreForm(forms.ModelForm):
    """A store with promises is closed in full knowledge of them only."""

    despite = forms.BooleanField(
        label=gettext_lazy("Close it although appointments remain"), required=False
    )

    class Meta:
        help_texts: ClassVar[dict[str, Any]] = {
            "slug": CategoryIntake.hints["slug"],
            "time_zone": StoreIntake.hints["time_zone"],
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        """What an independent provider has not told, nobody need make up to change the rest."""
        super().__init__(*args, **options)
        if self.instance.slug.startswith(STORE_OF_ONE):
            for name in {"city", "address", "phone"} & set(self.fields):
                self.fields[name].required = False

    def clean(self) -> dict[str, Any] | None:
        told = super().clean()
        closes = "is_active" in self.changed_data and not self.cleaned_data.get("is_active")
        asked = self.instance.pk and closes and not self.cleaned_data.get("despite")
        if asked and (sentences := left_behind(self.instance, at=timezone.now())):
            sentences.append(_("Call them off first, or tick the box below and save again."))
            raise forms.ValidationError(" ".join(sentences))
        return told
