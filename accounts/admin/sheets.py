"""Accounts as a file, without secrets. Nobody is imported: people sign up themselves."""

from django.utils.translation import gettext_lazy as _

from booking_site.common.admin.sheets.columns import Column, Sheet


class UserSheet(Sheet):
    pk = Column(_("Number"), "pk")
    display_name = Column(_("Name"), "display_name", personal=True)
    email = Column(_("E-mail"), "email", personal=True)
    phone = Column(_("Phone"), "phone", personal=True)
    user_type = Column(_("Kind"), "get_user_type_display")
    is_active = Column(_("Active"), "is_active")
    is_staff = Column(_("May enter the back office"), "is_staff")
    is_superuser = Column(_("Operator"), "is_superuser")
    date_joined = Column(_("Joined"), "date_joined")
