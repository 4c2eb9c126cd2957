from datetime import datetime

import pytest

from directory import demo
from directory.models import Program
from guides.models import LevelOfCare, LevelText
from tests.kept import once

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
    once("levels of the directory", _make_levels)
    return {level.slug: level for level in LevelOfCare.objects.all()}


def _make_levels() -> None:
    for order, (slug, name) in enumerate(NAMES.items(), start=1):
        level, _ = LevelOfCare.objects.get_or_create(slug=slug, defaults={"order": order, "asam_codes": []})
        LevelText.objects.get_or_create(
            level=level,
            language="en",
            defaults={"name": name, "short_name": name, "summary": name, "also_called": []},
        )


@pytest.fixture
def samples(levels: dict[str, LevelOfCare], now: datetime) -> None:
    once("samples of the directory", lambda: demo.load(now))
    assert Program.objects.count() == 12
