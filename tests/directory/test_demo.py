from datetime import datetime

import pytest

from directory import demo
from directory.models import Program, ProgramText
from directory.vocabulary import Concern, Medication, Payment, Population, Schedule
from guides.models import LevelOfCare

pytestmark = pytest.mark.django_db


def test_the_samples_offer_every_level_and_are_marked_in_two_languages(samples: None) -> None:
    programs = Program.objects.public()
    assert {slug for program in programs for slug in program.levels.values_list("slug", flat=True)} == set(
        LevelOfCare.objects.values_list("slug", flat=True)
    )
    for program in programs:
        assert program.sample and program.name.startswith("Sample ")
        assert program.referral_email.endswith("@example.org")
        assert str(program.phone).startswith("+1626555011") or str(program.phone).startswith("+1626555012")
        assert {text.language for text in program.texts.all()} == {"en", "es"}
        assert all(getattr(text, field.name) for text in program.texts.all() for field in ProgramText._meta.fields)


def test_every_sample_passes_its_own_checks(samples: None) -> None:
    for program in Program.objects.all():
        program.full_clean()
        for row in (
            *program.locations.all(),
            *program.areas.all(),
            *program.capacities.all(),
            *program.accreditations.all(),
        ):
            row.full_clean()


def test_samples_cover_all_payments_and_medications(samples: None) -> None:
    for field, vocabulary in {
        "payment": Payment,
        "medications": Medication,
        "schedule": Schedule,
        "populations": Population,
    }.items():
        used = {word for program in Program.objects.all() for word in getattr(program, field)}
        assert used == set(vocabulary.values), field
    assert {program.concern for program in Program.objects.all()} == set(Concern.values)


def test_loading_samples_again_keeps_what_an_admin_changed(samples: None, now: datetime) -> None:
    Program.objects.filter(slug="sample-orchard-house").update(name="Renamed")
    Program.objects.get(slug="sample-arroyo-evening-program").delete()
    assert demo.load(now) == 0
    assert Program.objects.get(slug="sample-orchard-house").name == "Renamed"
    assert not Program.objects.filter(slug="sample-arroyo-evening-program").exists()
    assert Program.objects.count() == 11
