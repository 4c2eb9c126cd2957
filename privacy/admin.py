"""The admin's pages of staff accounts and of who looked at what."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.db.models import Field, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from privacy.models import AccessEvent, User
from ui.admin import ReadOnly


@admin.register(User)
class StaffAdmin(UserAdmin[User]):
    """Django's page for accounts; a new one is asked for the name and the e-mail address too, which must be its own.

    Families and programs have no account, so whoever gets one works here: nobody has to tick a box for that.
    """

    actions = ("sign_out_everywhere",)
    # Signing in changes the one; nobody writes either by hand.
    readonly_fields = ("last_login", "date_joined")

    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "first_name", "last_name", "email")}),
        (None, {"classes": ("wide",), "fields": ("usable_password", "password1", "password2")}),
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("groups",),
                "description": _(
                    "The groups say what this person can open. At the first sign-in the person sets up an "
                    "authenticator app."
                ),
            },
        ),
    )

    @admin.action(description=_("Sign out everywhere"), permissions=["change"])
    def sign_out_everywhere(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for person in people:
            person.end_sessions()
            message = _("%(name)s is signed out in every browser.") % {"name": person}
            self.message_user(request, message, messages.SUCCESS)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        obj.is_staff = obj.is_staff or not change
        super().save_model(request, obj, form, change)

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "is_staff":
            kwargs["help_text"] = _("Can open the workspace and the admin. What is in them follows from the groups.")
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(AccessEvent)
class AccessEventAdmin(ReadOnly, admin.ModelAdmin[AccessEvent]):
    list_display = ["at", "actor_label", "action", "subject", "purpose"]
    list_filter = ["action"]
    search_fields = ["subject", "actor_label"]
    date_hierarchy = "at"
