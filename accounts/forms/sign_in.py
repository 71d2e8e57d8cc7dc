"""Signing up and in. allauth's views drive these; what is written goes through our services."""

from typing import Any

from allauth.account.forms import AddEmailForm as AllauthAddEmailForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import services
from accounts.fields import PhoneFormField
from accounts.models import User, UserType
from booking_site.common.actors import Actor
from booking_site.common.lines import LineFormField
from booking_site.common.transactions import run_in_transaction

LONGEST_PASSWORD = 128


class SignupForm(forms.Form):
    """Short: a name, one way to be reached, a password, and which side of the counter."""

    # allauth's view asks.
    by_passkey = False

    display_name = LineFormField(
        label=_("Your name"),
        max_length=50,
        error_messages={"required": _("Please tell us your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        help_text=_("An e-mail address or a phone number is enough."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = PhoneFormField(required=False)
    password1 = forms.CharField(
        label=_("Password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        error_messages={"required": _("Please choose a password.")},
        help_text=_("At least 8 characters, not only digits."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    user_type = forms.ChoiceField(
        label=_("I want to"),
        choices=[
            (UserType.CUSTOMER, _("book appointments")),
            (UserType.PROVIDER, _("offer appointments")),
        ],
        initial=UserType.CUSTOMER,
        widget=forms.RadioSelect,
    )

    user: User | None = None

    def register(self, *, address: str) -> None:
        """Raises Refusal by field; ``password`` is ``password1`` here."""
        facts = dict(self.cleaned_data)
        password = services.hash_password(facts.pop("password1"), email=facts["email"])

        def work() -> User:
            at = timezone.now()
            services.count_registration(address=address, at=at)
            return services.register(
                **facts,
                password_hash=password,
                locale=get_language() or "",
                by=Actor.guest(),
                at=at,
            )

        self.user = run_in_transaction(work)

    def try_save(self, request: HttpRequest) -> tuple[User | None, None]:
        """For allauth's view, after ``register``."""
        return self.user, None


class LoginForm(AllauthLoginForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        login, password = self.fields["login"], self.fields["password"]
        login.label, password.label = _("E-mail address or phone number"), _("Password")
        login.max_length = 254
        login.widget.attrs = {"autocomplete": "username", "maxlength": "254"}
        password.max_length = LONGEST_PASSWORD
        password.widget.attrs = {"autocomplete": "current-password"}
        # The page has a link of its own, where the design wants it.
        password.help_text = ""


class AddEmailForm(AllauthAddEmailForm):
    def clean_email(self) -> str:
        """Refuses the address of another account: it could never become this one's."""
        email: str = super().clean_email()
        if User.objects.filter(email=email).exclude(pk=self.user.pk).exists():
            raise forms.ValidationError(_("There is an account with this e-mail address."))
        return email
