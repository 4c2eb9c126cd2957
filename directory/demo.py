"""Twelve plainly invented programs, so that every page can be seen before real ones are entered."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from directory.models import (
    Accreditation,
    Capacity,
    Location,
    Organization,
    Program,
    ProgramLevel,
    ProgramText,
    ServiceArea,
    ServiceAreaName,
)
from directory.vocabulary import Source, Status
from guides.models import LevelOfCare

SAMPLES = Path(__file__).with_name("samples.json")


@transaction.atomic
def load(now: datetime) -> int:
    """Load the samples into an empty directory and return how many; 0 where there is any program.

    A directory with a program in it belongs to its admins: what they changed or took out never comes back.
    The levels of care must be there (`import_content`). Raises KeyError for a level that is not.
    """
    if Program.objects.exists():
        return 0
    data = json.loads(SAMPLES.read_text(encoding="utf-8"))
    levels = {level.slug: level for level in LevelOfCare.objects.all()}
    area = _area(data["area"])
    organizations = {
        slug: Organization.objects.get_or_create(slug=slug, defaults={"name": name, "source": Source.SAMPLE})[0]
        for slug, name in data["organizations"].items()
    }
    for row in data["programs"]:
        program = _program(row, organizations[row["organization"]], now)
        if row["area"]:
            program.areas.add(area)
        for offer in row["offers"]:
            _offer(program, levels[offer["level"]], offer, now)
    return len(data["programs"])


def _area(row: dict[str, Any]) -> ServiceArea:
    area, made = ServiceArea.objects.get_or_create(slug=row["slug"], defaults={"zips": row["zips"].split()})
    if made:
        for language, name in row["names"].items():
            ServiceAreaName.objects.create(area=area, language=language, name=name)
    return area


def _program(row: dict[str, Any], organization: Organization, now: datetime) -> Program:
    program = Program.objects.create(
        slug=row["slug"],
        name=row["name"],
        organization=organization,
        status=Status.PUBLIC,
        source=Source.SAMPLE,
        source_id=row["slug"],
        sample=True,
        concern=row["concern"],
        age_min=row["ages"][0],
        age_max=row["ages"][1],
        only_for=row.get("only_for", ""),
        **{key: row[key].split() for key in ("payment", "languages", "schedule", "populations", "medications")},
        family_sessions=row["family_sessions"],
        phone=row["phone"],
        website=f"https://example.org/{row['slug']}",
        referral_email=f"{row['slug']}@example.org",
        checked_on=(now - timedelta(days=40)).date(),
    )
    program.locations.add(_location(row["place"], organization))
    for language in ("en", "es"):
        ProgramText.objects.create(program=program, language=language, **row[language])
    for seal in row["seals"]:
        valid_until = (now + timedelta(days=seal["valid_days"])).date()
        number = seal.get("number", "")
        Accreditation.objects.create(program=program, seal=seal["seal"], number=number, valid_until=valid_until)
    return program


def _location(row: dict[str, Any], organization: Organization) -> Location:
    location = Location(
        organization=organization,
        source=Source.SAMPLE,
        street=row["street"],
        city=row["city"],
        zip=row["zip"],
        access=row["access"].split(),
        street_is_public=not row.get("hidden", False),
    )
    location.full_clean()
    location.save()
    return location


def _offer(program: Program, level: LevelOfCare, row: dict[str, Any], now: datetime) -> None:
    ProgramLevel.objects.create(
        program=program, level=level, asam_edition=row.get("edition"), asam_code=row.get("code", "")
    )
    if "days_ago" in row:
        Capacity.objects.create(
            program=program,
            level=level,
            spots=row.get("spots"),
            wait_days=row.get("wait_days"),
            reported_at=now - timedelta(days=row["days_ago"]),
            reported_by=program.name,
        )
