"""What a consent covers, over every combination of what can be wrong with it."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from referral.coverage import Category, Gap, Grant, covering, gap

NOW = datetime(2026, 3, 4, 17, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def grant(**changed: object) -> Grant:
    values = {
        "key": 1,
        "categories": frozenset({"need", "situation", "contact"}),
        "recipients": frozenset({7}),
        "any_program": False,
        "signed_at": NOW - DAY,
        "expires_at": NOW + DAY,
        "revoked_at": None,
    }
    return Grant(**{**values, **changed})  # type: ignore[arg-type]


WANTED: list[frozenset[str]] = [
    frozenset(),
    frozenset({"need"}),
    frozenset({"need", "contact"}),
    frozenset({"need", "answers"}),
    frozenset(Category),
]


def test_consent_covers_only_live_recipient_and_every_category() -> None:
    cases = itertools.product(
        [None, NOW - DAY, NOW, NOW + DAY],  # revoked
        [None, NOW - DAY, NOW, NOW + DAY],  # expires
        [NOW - DAY, NOW, NOW + DAY],  # signed
        [7, 8],  # recipient
        [True, False],  # any program
        WANTED,
    )
    covered = 0
    for revoked, expires, signed, recipient, any_program, wanted in cases:
        found = gap(
            grant(revoked_at=revoked, expires_at=expires, signed_at=signed, any_program=any_program),
            recipient=recipient,
            categories=wanted,
            now=NOW,
        )
        fine = (
            (revoked is None or revoked > NOW)
            and (expires is None or expires > NOW)
            and signed <= NOW
            and (any_program or recipient == 7)
            and wanted <= {"need", "situation", "contact"}
        )
        assert (found is None) == fine
        covered += fine
    assert covered  # the product holds both kinds


def test_the_newest_consent_that_covers_is_taken() -> None:
    older, newer = grant(key=1, signed_at=NOW - 2 * DAY), grant(key=2)
    assert covering([older, newer], recipient=7, categories={"need"}, now=NOW) == (newer, None)
    assert covering([older, grant(key=3, revoked_at=NOW)], recipient=7, categories={"need"}, now=NOW) == (older, None)


def test_two_consents_that_each_cover_a_part_do_not_cover_the_whole() -> None:
    half = grant(categories=frozenset({"need"}))
    other = grant(categories=frozenset({"contact"}))
    assert covering([half, other], recipient=7, categories={"need", "contact"}, now=NOW) == (None, Gap.OTHER_CATEGORIES)


def test_no_consent_is_said_as_such_and_the_nearest_gap_is_named() -> None:
    assert covering([], recipient=7, categories={"need"}, now=NOW) == (None, Gap.NONE_SIGNED)
    wrong = [grant(revoked_at=NOW), grant(recipients=frozenset({9}))]
    assert covering(wrong, recipient=7, categories={"need"}, now=NOW) == (None, Gap.OTHER_RECIPIENT)
