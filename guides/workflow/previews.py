"""A draft as the public would see it, for who is signed in, and for whoever has a link that ends."""

from __future__ import annotations

from datetime import datetime, timedelta

from guides.models import GuideEdition, PreviewLink, Publication
from guides.publishing.published import Published
from guides.publishing.rendering import guide_page
from privacy.models import User
from privacy.tokens import hash_token, new_token

LASTS = timedelta(days=7)


def draft_page(edition: GuideEdition) -> str:
    """Render the draft as it is in `edition`, saved or not."""
    others = Publication.objects.filter(key=edition.guide.key).exclude(language=edition.language)
    return guide_page(
        edition.document(),
        edition.about(),
        Published(edition.language),
        others={row.language: row.path for row in others},
        draft=True,
    )


def share(edition: GuideEdition, *, by: User, now: datetime) -> str:
    """Make a link for a week and return its token, which is kept nowhere."""
    token, digest = new_token()
    PreviewLink.objects.create(edition=edition, token_hash=digest, by=by, at=now, expires_at=now + LASTS)
    return token


def revoke(edition: GuideEdition, *, now: datetime) -> int:
    """End every link to this draft; return how many."""
    return PreviewLink.objects.filter(edition=edition, expires_at__gt=now).update(expires_at=now)


def shared(token: str, now: datetime) -> GuideEdition | None:
    """Return the draft that a link leads to, None if there is none or it has ended."""
    link = PreviewLink.objects.filter(token_hash=hash_token(token), expires_at__gt=now).select_related("edition__guide")
    found = link.first()
    return found.edition if found else None
