from django.contrib.admin.apps import AdminConfig


class BackOfficeConfig(AdminConfig):
    default_site = "booking_site.common.backoffice.site.BackOffice"
