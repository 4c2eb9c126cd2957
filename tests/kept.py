"""Goes when the last fixture is made with `shared_db` of tests/conftest.py."""

from collections.abc import Callable


def once(_name: str, make: Callable[[], object]) -> None:
    make()
