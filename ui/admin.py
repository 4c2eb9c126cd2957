"""The base of admin pages that show rows and change none."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


class ReadOnly:
    """For a ModelAdmin or an inline: rows that nobody adds, changes or deletes by hand."""

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False
