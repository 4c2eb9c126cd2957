"""How often signing in may fail: for one name, from one address, and with one code, which is taken once.

Whoever tries from one address waits longer and longer, there. Whoever spreads the tries over many addresses slows the
account down, but not for the places from which its owner has signed in before, nor for the browser in which they did
(config/known_browsers.py), so nobody locks somebody else out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from threading import Semaphore

from allauth.account.auth_backends import AuthenticationBackend
from axes.models import AccessLog
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.known_browsers import COOKIE, browser_of
from config.rights import account
from privacy.accounts import ClosedAccounts
from privacy.addresses import counted_address
from privacy.fields import blind_index
from privacy.limits import Pace, Tries
from privacy.models import User

LONGEST = 255
BUSY = "busy"
# An office has one address for many accounts.
PASSWORDS_FROM_HERE = Pace(free=60, within=3600, first=5, longest=20, step=10)
# Of a password whoever asks needs to know nothing, of a code the password: codes are few, and guessed in days.
PASSWORDS_OF_ACCOUNT = Pace(free=50, within=3600, first=10, longest=30)
# Where an account is slowed: what a browser that knows it has of its own.
PASSWORDS_OF_BROWSER = Pace(free=10, within=3600, first=30, longest=300)
CODES_FROM_HERE = Pace(free=5, within=3600, first=30, longest=900)
CODES_OF_ACCOUNT = Pace(free=10, within=3600, first=60, longest=300)
KNOWN_FOR = timedelta(days=90)
# A code is accepted for three half minutes; it is remembered for longer than that.
CODE_REMEMBERED = 180


class Gate:
    """So many may be inside at once, and so few more wait for a place, for so many seconds; others are sent away."""

    def __init__(self, inside: int, waiting: int, seconds: float):
        self._line, self._inside, self._seconds = Semaphore(inside + waiting), Semaphore(inside), seconds

    @contextmanager
    def place(self) -> Iterator[bool]:
        """Whether there is a place, for as long as the block runs."""
        if not self._line.acquire(blocking=False):
            yield False
            return
        try:
            inside = self._inside.acquire(timeout=self._seconds)
            try:
                yield inside
            finally:
                if inside:
                    self._inside.release()
        finally:
            self._line.release()


# To look at a password takes a core for half a second. Of the four threads of a process one always stays free for those
# who look at a page, the crisis pages above all.
PASSWORDS_AT_ONCE = Gate(inside=2, waiting=1, seconds=3)


def axes_name(request: HttpRequest, credentials: Mapping[str, str] | None = None) -> str:
    """A keyed hash of the typed name, for counting failures: what was typed there may be a password."""
    return blind_index(typed_name(request, credentials), purpose="sign-in name")


def typed_name(request: HttpRequest, credentials: Mapping[str, str] | None = None) -> str:
    """What a visitor typed as their name, whichever way the try came."""
    given = credentials or {}
    name = given.get("username") or given.get("email") or request.POST.get("login") or ""
    return name.strip().lower()[:LONGEST]


def axes_address(request: HttpRequest) -> str | None:
    """Where a try came from, for counting failures per address."""
    return counted_address(str(request.META.get("REMOTE_ADDR", ""))) or None


class OneLook(AuthenticationBackend):
    """Looks at the password of an account once, by whichever way the typed name leads to it: what takes longer for an
    account that there is tells strangers that it is there."""

    def authenticate(self, request: HttpRequest | None, **credentials: str) -> AbstractBaseUser | None:
        self._looked: set[int] = set()
        found: AbstractBaseUser | None = super().authenticate(request, **credentials)
        return found

    def get_user(self, user_id: int) -> User | None:
        user = account(user_id)
        return user if user and self.user_can_authenticate(user) else None

    def _check_password(self, user: AbstractBaseUser | None, password: str) -> AbstractBaseUser | None:
        if user is None or user.pk in self._looked:
            return None
        self._looked.add(user.pk)
        found: AbstractBaseUser | None = super()._check_password(user, password)
        return found


class SlowedAccounts(ClosedAccounts):
    """Sign-in by password, slowed where one account is tried from many places, or many accounts from one.

    Either is for strangers to the account: who has signed in from here before waits for nobody else's tries.
    """

    def authenticate(self, request: HttpRequest, **credentials: str) -> AbstractBaseUser | None:
        name, now = typed_name(request, credentials), timezone.now()
        counted: list[Tries] = []
        for tries in (
            Tries("password:account", name, PASSWORDS_OF_ACCOUNT),
            Tries("password:here", axes_address(request) or "", PASSWORDS_FROM_HERE),
        ):
            wait = tries.count(now)
            if not wait:
                counted.append(tries)
            elif not is_known_place(request, name):
                own = own_tries(request, account_of(name), "password:browser", PASSWORDS_OF_BROWSER)
                if own is None or own.count(now):
                    give_back(counted)
                    raise too_many(wait)
                counted.append(own)
        with PASSWORDS_AT_ONCE.place() as inside:
            if not inside:
                give_back(counted)
                raise busy()
            user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user:
            give_back(counted)
        return user


class CodeTries:
    """One try of a second factor. Counted before the code is looked at, so that many at once are no way round."""

    def __init__(self, request: HttpRequest, user: User):
        self._counted: list[Tries] = []
        self._request, self._user = request, user
        address, now = axes_address(request) or "", timezone.now()
        here = Tries("code:here", f"{user.pk} {address}", CODES_FROM_HERE)
        account = Tries("code:account", str(user.pk), CODES_OF_ACCOUNT)
        if wait := here.count(now):
            raise too_many(wait)
        self._counted.append(here)
        wait = account.count(now)
        if not wait:
            self._counted.append(account)
        elif not is_known_place(request, user.get_username()):
            own = own_tries(request, user, "code:browser", CODES_FROM_HERE)
            if own is None or own.count(now):
                here.give_back()
                raise too_many(wait)
            self._counted.append(own)

    def succeeded(self, code: str) -> bool:
        """Whether this right code is used for the first time; if so its try is taken back."""
        bare = "".join(filter(str.isalnum, code))
        used = blind_index(f"{self._user.pk} {bare}", purpose="used code")
        if not caches["database"].add(f"code:{used}", 1, CODE_REMEMBERED):
            return False
        give_back(self._counted)
        return True


def give_back(counted: Iterable[Tries]) -> None:
    for tries in counted:
        tries.give_back()


def account_of(name: str) -> User | None:
    """Whose account goes by this name or address."""
    found: User | None = User.objects.filter(Q(username__iexact=name) | Q(email__iexact=name)).first()
    return found


def own_tries(request: HttpRequest, user: User | None, what: str, pace: Pace) -> Tries | None:
    """The tries that this browser has of its own at the account; None where it is strange to it."""
    browser = browser_of(request, user)
    return Tries(what, browser, pace) if browser else None


def is_known_place(request: HttpRequest, name: str) -> bool:
    """Whether the owner of the account has signed in from this address in the last months."""
    user = account_of(name)
    since = timezone.now() - KNOWN_FOR
    return user is not None and (
        AccessLog.objects.filter(
            username=user.get_username(), ip_address=axes_address(request), attempt_time__gte=since
        ).exists()
    )


def is_own_browser(request: HttpRequest, credentials: Mapping[str, str] | None = None) -> bool:
    """Whether the owner of the account has signed in with this browser: it is not locked out by who tries from the same
    address, a colleague in the office."""
    return COOKIE in request.COOKIES and bool(browser_of(request, account_of(typed_name(request, credentials))))


def busy() -> ValidationError:
    sentence = _("Many people are signing in right now. Wait a few seconds, then try again.")
    return ValidationError(sentence, code=BUSY)


def too_many(seconds: int) -> ValidationError:
    sentence = ngettext(
        "Too many tries. Wait %(count)d second, then try again.",
        "Too many tries. Wait %(count)d seconds, then try again.",
        seconds,
    )
    return ValidationError(sentence % {"count": seconds}, code="too_many")
