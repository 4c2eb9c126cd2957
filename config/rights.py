"""The account behind a session, read in one query with what every page of staff asks of it: its second factor, and what
it may do."""

from __future__ import annotations

from typing import Any, cast

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission
from django.db.models import CharField, Exists, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat

from privacy.models import User


class Joined(Func):
    """All values of a query in one, with blanks between them."""

    function, template, output_field = "STRING_AGG", "%(function)s(%(expressions)s, ' ')", CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **more)


def account(key: int) -> User | None:
    """Django's own backend asks for the account, its rights and those of its groups one by one."""
    own = User.user_permissions.through.objects.filter(user=OuterRef(OuterRef("pk")))
    of_groups = Group.permissions.through.objects.filter(group__user=OuterRef(OuterRef("pk")))
    granted = Permission.objects.filter(Q(pk__in=own.values("permission")) | Q(pk__in=of_groups.values("permission")))
    name = Concat("content_type__app_label", Value("."), "codename")
    told: dict[str, Any] = {
        "has_factor": Exists(Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)),
        "rights": Subquery(granted.order_by().annotate(names=Joined(name)).values("names")),
    }
    user: Any = User.objects.annotate(**told).filter(pk=key).first()
    if user and not user.is_superuser:  # who may do all, and is not asked
        user._perm_cache = set((user.rights or "").split())  # where `ModelBackend` keeps them
    return cast("User | None", user)
