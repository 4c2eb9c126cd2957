"""The admin's pages of staff accounts and of who looked at what."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from privacy.models import AccessEvent, User
from ui.admin import ReadOnly


@admin.register(User)
class StaffAdmin(UserAdmin[User]):
    """Django's page for accounts; a new one is asked for the name and the e-mail address too, which must be its own."""

    # Signing in changes the one; nobody writes either by hand.
    readonly_fields = ("last_login", "date_joined")

    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "first_name", "last_name", "email")}),
        (None, {"classes": ("wide",), "fields": ("usable_password", "password1", "password2")}),
    )


@admin.register(AccessEvent)
class AccessEventAdmin(ReadOnly, admin.ModelAdmin[AccessEvent]):
    list_display = ["at", "actor_label", "action", "subject", "purpose"]
    list_filter = ["action"]
    search_fields = ["subject", "actor_label"]
    date_hierarchy = "at"
