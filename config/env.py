"""Strictly parsed environment variables.

Every variable of ours starts with ``WAYMARK_``. A variable that nobody reads, a value that does not parse and a
required value that is missing are each one sentence that names the variable, collected so that all are seen at once.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, urlsafe_b64decode
from collections.abc import Callable, Mapping, Sequence
from email.utils import parseaddr
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import available_timezones

PREFIX = "WAYMARK_"
FEWEST_DIFFERENT = 8  # characters in a secret; of what is random, 32 hex digits have fewer once in a million
SHORTEST_SECRET = 32  # characters; what a random generator gives, not what a person makes up
Value = TypeVar("Value")


class BadEnvironment(Exception):
    """The environment cannot be used; the message has one line per variable."""


class Environment:
    """Reads ``WAYMARK_*`` variables from a mapping and remembers every problem until `finish`."""

    def __init__(self, values: Mapping[str, str]):
        self._values = {name: value for name, value in values.items() if name.startswith(PREFIX)}
        self._read: set[str] = set()
        self._problems: list[str] = []

    def _parsed(self, name: str, parse: Callable[[str], Value], fallback: Value, required: bool) -> Value:
        self._read.add(name)
        raw = self._values.get(name, "").strip()
        if not raw:
            if required:
                self._problems.append(f"{name} is not set. It is required when WAYMARK_MODE is 'hosted'.")
            return fallback
        try:
            return parse(raw)
        except ValueError as error:
            # The value itself may be a secret, so only the variable and the expectation are named.
            self._problems.append(f"{name}: {error}")
            return fallback

    def text(self, name: str, fallback: str = "", *, required: bool = False) -> str:
        """The value as it stands."""
        return self._parsed(name, str, fallback, required)

    def secret(self, name: str, fallback: str, *, required: bool = False) -> str:
        """A value too long to be guessed."""

        return self._parsed(name, _secret, fallback, required)

    def secrets(self, name: str) -> list[str]:
        """Comma-separated values too long to be guessed."""
        return self._parsed(name, lambda raw: [_secret(word) for word in _words(raw)], [], False)

    def keys(self, name: str, fallback: list[str], *, required: bool = False) -> list[str]:
        """Comma-separated encryption keys, each url-safe base64 of 32 bytes."""
        return self._parsed(name, _keys, fallback, required)

    def hook_secret(self, name: str, fallback: str) -> str:
        """A secret of Standard Webhooks: ``whsec_`` and base64 of 24 to 64 bytes."""

        def parse(raw: str) -> str:
            try:
                size = len(b64decode(raw.removeprefix("whsec_"), validate=True))
            except (binascii.Error, ValueError):
                size = 0
            if not raw.startswith("whsec_") or not 24 <= size <= 64:
                raise ValueError("expected whsec_ and 24 to 64 bytes in base64, as Standard Webhooks writes secrets.")
            return raw

        return self._parsed(name, parse, fallback, False)

    def words(self, name: str, fallback: list[str], *, required: bool = False) -> list[str]:
        """Comma-separated values, without empty ones."""
        return self._parsed(name, _words, fallback, required)

    def addresses(self, name: str) -> list[str]:
        """Comma-separated email addresses."""
        return self._parsed(name, _addresses, [], False)

    def backend(self, name: str, fallback: str) -> str:
        """The dotted path of a class of email, that is there."""

        def parse(raw: str) -> str:
            module, _, kind = raw.rpartition(".")
            try:
                there = find_spec(module) is not None if module else False
            except (ImportError, ValueError):
                there = False
            if not there or not kind.isidentifier():
                raise ValueError("there is no such email backend; expected anymail.backends.… or another in full.")
            return raw

        return self._parsed(name, parse, fallback, False)

    def pairs(self, name: str) -> dict[str, str]:
        """Comma-separated NAME=value."""
        return self._parsed(name, _pairs, {}, False)

    def choice(self, name: str, choices: tuple[str, ...], fallback: str) -> str:
        """One of `choices`."""

        def parse(raw: str) -> str:
            if raw not in choices:
                raise ValueError(f"expected one of {', '.join(choices)}.")
            return raw

        return self._parsed(name, parse, fallback, False)

    def flag(self, name: str, fallback: bool) -> bool:
        """``yes`` or ``no``."""
        return self.choice(name, ("yes", "no"), "yes" if fallback else "no") == "yes"

    def zone(self, name: str, fallback: str) -> str:
        """The name of a time zone."""

        def parse(raw: str) -> str:
            if raw not in available_timezones():
                raise ValueError("expected the name of a time zone, such as America/New_York.")
            return raw

        return self._parsed(name, parse, fallback, False)

    def whole(self, name: str, fallback: int, *, least: int, most: int) -> int:
        """A whole number within bounds."""

        def parse(raw: str) -> int:
            if not raw.isascii() or not raw.isdigit() or not least <= int(raw) <= most:
                raise ValueError(f"expected a whole number from {least} to {most}.")
            return int(raw)

        return self._parsed(name, parse, fallback, False)

    def database(self, name: str, fallback: dict[str, Any], *, required: bool = False) -> dict[str, Any]:
        """A Django database from ``postgres://user:password@host:port/name?option=value`` or ``sqlite:///path``."""
        return self._parsed(name, _database, fallback, required)

    def url(self, name: str, schemes: tuple[str, ...], fallback: str = "", *, required: bool = False) -> str:
        """A URL with one of `schemes`."""

        def parse(raw: str) -> str:
            parts = urlsplit(raw)
            if parts.scheme not in schemes or not (parts.netloc or parts.path):
                raise ValueError(f"expected a URL that starts with {' or '.join(f'{s}://' for s in schemes)}.")
            return raw

        return self._parsed(name, parse, fallback, required)

    @property
    def names(self) -> set[str]:
        """Every variable that was read so far, set or not."""
        return set(self._read)

    def together(self, *names: str) -> None:
        """Where one of these is set, all must be: half of an account sends nothing, and says so too late."""
        missing = [name for name in names if not self._values.get(name, "").strip()]
        for name in missing if len(missing) < len(names) else []:
            there = next(other for other in names if other not in missing)
            self.problem(f"{name} is not set. It goes with {there}, which is.")

    def only_with(self, prefix: str, *needed: str) -> None:
        """Where something under `prefix` is set, one of `needed` must be: the rest means nothing without it."""
        if any(self._values.get(name, "").strip() for name in needed):
            return
        for name in sorted(self._values):
            if name.startswith(prefix) and self._values[name].strip():
                self._read.add(name)
                self.problem(f"{name} is set, but {' or '.join(needed)} is not: set both or neither.")

    def problem(self, sentence: str) -> None:
        """Add a problem that more than one variable makes together, unless its variable already has one."""
        name = sentence.partition(":")[0].partition(" ")[0]
        if not any(found.startswith((f"{name}:", f"{name} ")) for found in self._problems):
            self._problems.append(sentence)

    def finish(self) -> None:
        """Raise `BadEnvironment` with every problem found, unknown variables included."""
        unknown = sorted(set(self._values) - self._read)
        problems = self._problems + [f"{name} is not a setting that Waymark knows." for name in unknown]
        if problems:
            raise BadEnvironment("\n".join(problems))


def hosted_problems(base_url: str, hosts: Sequence[str], sender: str) -> list[str]:
    """What these three of a hosted installation cannot be, a sentence each. What is empty is said elsewhere."""
    found, parts = [], urlsplit(base_url)
    if base_url and (parts.scheme != "https" or parts.path or parts.query or not parts.hostname):
        found.append("WAYMARK_BASE_URL: expected https:// and a name, perhaps a port, and no path behind it.")
    elif base_url and hosts and not any(_matches(parts.hostname or "", host) for host in hosts):
        found.append("WAYMARK_ALLOWED_HOSTS: the name in WAYMARK_BASE_URL is missing.")
    if "*" in hosts:
        found.append("WAYMARK_ALLOWED_HOSTS: expected names; * would let anybody choose the name in our links.")
    if sender and "@" not in parseaddr(sender)[1]:
        found.append("WAYMARK_EMAIL_FROM: expected an email address, or a name with an address in <>.")
    return found


def _matches(name: str, host: str) -> bool:
    """Django's rule: a host that begins with a dot stands for all names under it."""
    return name == host.lower() or (host.startswith(".") and f".{name}".endswith(host.lower())) or host == "*"


def _secret(raw: str) -> str:
    if len(raw) < SHORTEST_SECRET or len(set(raw)) < FEWEST_DIFFERENT:
        raise ValueError(f"expected at least {SHORTEST_SECRET} random characters.")
    return raw


def _words(raw: str) -> list[str]:
    words = [word.strip() for word in raw.split(",") if word.strip()]
    if not words:
        raise ValueError("expected at least one value between the commas.")
    return words


def _pairs(raw: str) -> dict[str, str]:
    found = {}
    for word in _words(raw):
        name, equals, value = word.partition("=")
        if not name.strip() or not equals or not value.strip():
            raise ValueError("expected NAME=value, with commas between.")
        found[name.strip()] = value.strip()
    return found


def _keys(raw: str) -> list[str]:
    for key in _words(raw):
        try:
            size = len(urlsafe_b64decode(key.encode("ascii")))
        except (binascii.Error, UnicodeEncodeError):
            size = 0
        if size != 32:
            raise ValueError("expected keys of 32 bytes in url-safe base64, with commas between them.")
    return _words(raw)


def _addresses(raw: str) -> list[str]:
    found = _words(raw)
    if not all("@" in each and parseaddr(each)[1] == each for each in found):
        raise ValueError("expected email addresses, with commas between them.")
    return found


def _database(raw: str) -> dict[str, Any]:
    parts = urlsplit(raw)
    if parts.scheme == "sqlite":
        if not Path(unquote(parts.path)).parent.is_dir():
            raise ValueError("the folder of the file after sqlite:// is not there.")
        # Four slashes are how other tools write an absolute path.
        return {"ENGINE": "config.sqlite3", "NAME": str(Path("/", unquote(parts.path).lstrip("/")))}
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise ValueError("expected postgres://user:password@host:port/name or sqlite:///path.")
    try:
        port = str(parts.port or "")
    except ValueError as error:
        # What stands where the port should be may be half of a password.
        raise ValueError("expected a number as the port; write special characters of a password as %XX.") from error
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "config.postgres",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or options.pop("host", "")),
        "PORT": port,
        "OPTIONS": options,
    }
