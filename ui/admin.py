"""The base of admin pages that show rows and change none."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest

from ui.forms import ClockField

# A time on the wall of somebody else, such as a family: the browser of who writes it has no say in its zone, as in
# Django's own field ("You are 8 hours ahead of server time").
WALL_CLOCK = {
    models.TimeField: {"form_class": ClockField, "widget": forms.TimeInput(format="%H:%M", attrs={"type": "time"})}
}


class ReadOnly:
    """For a ModelAdmin or an inline: rows that nobody adds, changes or deletes by hand."""

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False
