from datetime import datetime

import pytest

from directory import demo
from directory.models import Program
from guides.models import LevelOfCare, LevelText

NAMES = {
    "recovery-support": "Recovery support",
    "outpatient": "Outpatient care",
    "iop": "Intensive outpatient (IOP)",
    "php": "Partial hospitalization (PHP)",
    "residential": "Residential treatment",
    "medically-managed": "Medically managed care",
}


@pytest.fixture
def levels(db: None) -> dict[str, LevelOfCare]:
    made = LevelOfCare.objects.bulk_create(
        LevelOfCare(slug=slug, order=order, asam_codes=[]) for order, slug in enumerate(NAMES, start=1)
    )
    LevelText.objects.bulk_create(
        LevelText(level=level, language="en", name=name, short_name=name, summary=name, also_called=[])
        for level, name in zip(made, NAMES.values(), strict=True)
    )
    return {level.slug: level for level in made}


@pytest.fixture
def samples(levels: dict[str, LevelOfCare], now: datetime) -> None:
    demo.load(now)
    assert Program.objects.count() == 12
