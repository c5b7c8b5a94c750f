from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    default = True
    name = "apps.accounts"
    verbose_name = _("Аккаунты")


class StaffConfig(admin.AdminConfig):
    """Django's admin with our own door."""

    default = False
    default_site = "apps.accounts.staff.StaffSite"
