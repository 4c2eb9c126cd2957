"""A family is found by a part of a name, misspelt, by phone, code or program; the keys of names tell nobody a name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from directory.models import Program
from privacy.models import AccessEvent
from referral.actions.common import Actor
from referral.actions.referrals import take
from referral.actions.sending import send_to_program
from referral.finding import find
from referral.models import Contact, ContactKey, PatientKey, Referral
from referral.models.name_keys import key_number
from referral.models.sight import Sight
from referral.names import asked_parts, asked_sound, closeness, keys_of, sound, words_of

pytestmark = pytest.mark.slow

NAMES = st.text(st.characters(categories=["Lu", "Ll", "Zs"]), max_size=40)


@pytest.mark.parametrize("asked", ["maribel ortegas", "ortegas", "the ortegas", "gonzalezes"])
def test_the_plural_of_a_surname_finds_it(asked: str) -> None:
    name = "Maribel Ortega González"
    words = [word for word in words_of(asked) if word != "the"]
    assert closeness(words, name) is not None
    assert all(set(asked_parts(word)) <= keys_of(name) for word in words)
    assert closeness(["morales"], "Ana Morales") == 0


@given(NAMES, st.integers(0, 5), st.integers(2, 24))
def test_any_part_of_a_name_has_its_keys(name: str, which: int, size: int) -> None:
    words = words_of(name)
    if not words:
        return
    part = words[which % len(words)][:size]
    assert set(asked_parts(part)) <= keys_of(name)
    assert set(asked_sound(words[0])) <= keys_of(name)
    assert closeness(words, name) == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [("gonzalez", "gonsales"), ("vasquez", "basquez"), ("smith", "smyth"), ("hernandez", "ernandes"),
     ("catherine", "katherine"), ("philip", "filip"), ("yessica", "yesica")],
)  # fmt: skip
def test_what_sounds_alike_has_one_sound(one: str, other: str) -> None:
    assert sound(one) == sound(other)


@pytest.mark.parametrize(("asked", "rank"), [("rosa", 0), ("ros", 1), ("osa", 2), ("roza", 3), ("maria", None)])
def test_the_better_a_name_answers_the_lower_its_rank(asked: str, rank: int | None) -> None:
    assert closeness([asked], "Rosa Sample") == rank


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "Lucía Gonzáles",
        "lucia",
        "LUCI",
        "gonz",
        "ales",
        "gonsalez",
        "Gonzalez lucia",
        "gonz luc",
        "lu gonz",
        "Beni",
        "Benicio ruis",
    ],
)
def test_a_name_is_found_partly_misspelt_and_without_accents(
    make_referral: Callable[..., Referral], navigator: Any, text: str
) -> None:
    referral = make_referral(contact_name="Lucía Gonzáles", patient_name="Benício Ruiz", relation="loved_one")
    make_referral(contact_name="Walter Sample", patient_name="", phone="", email="w@example.org")
    assert find(text, Sight.of(navigator)) == [referral]


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["0142", "555-0142", "626 555 01 42", "..0142"])
def test_the_last_digits_of_a_phone_number_find_it(
    make_referral: Callable[..., Referral], navigator: Any, text: str
) -> None:
    referral = make_referral()
    make_referral(phone="+16265550149", email="w@example.org")
    assert find(text, Sight.of(navigator)) == [referral]
    referral.contact.phone = "+16265550177"
    referral.contact.save(update_fields=["phone", "phone_index"])
    assert (find(text, Sight.of(navigator)), find("0177", Sight.of(navigator))) == ([], [referral])


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["lucia must", "must lucia", "lucia mues", "lucia mustr", "rosa mustr"])
def test_a_first_name_beside_a_misspelt_surname_finds_no_less(
    make_referral: Callable[..., Referral], navigator: Any, text: str
) -> None:
    referral = make_referral(contact_name="Lucía Muestra", patient_name="Lucía Muestra")
    make_referral(contact_name="Lucía Sample", patient_name="", phone="", email="w@example.org")
    assert find(text, Sight.of(navigator)) == [referral]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["jaden", "jaydan", "Jadyen", "Ejemlo", "Ejempol", "jaden ejemplo", "Jayden Ejemlo", "ajyden"]
)
def test_a_name_with_one_slip_in_it_is_found(make_referral: Callable[..., Referral], navigator: Any, text: str) -> None:
    referral = make_referral(contact_name="Jayden Ejemplo", patient_name="Jayden Ejemplo")
    make_referral(contact_name="Walter Sample", patient_name="", phone="", email="w@example.org")
    assert find(text, Sight.of(navigator)) == [referral]


@pytest.mark.django_db
def test_a_code_is_found_by_its_beginning(make_referral: Callable[..., Referral], navigator: Any) -> None:
    referral = make_referral()
    for typed in (4, 5, 7, 8):
        start = referral.public_code[:typed]
        assert find(start, Sight.of(navigator)) == find(start.lower(), Sight.of(navigator)) == [referral]
    assert find(referral.public_code[:3], Sight.of(navigator)) == []


@pytest.mark.django_db
def test_ends_of_phone_numbers_are_written_for_those_that_were_there(make_referral: Callable[..., Referral]) -> None:
    make_referral()
    before = _keys()
    ContactKey.objects.filter(key=key_number("#0142")).delete()
    import_module("referral.migrations.0034_phone_endings").index_endings(apps, None)
    assert _keys() == before


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["x", "Zzyzx", "rosa zzyzx", "", "%", "_", "   "])
def test_what_nobody_is_called_finds_nobody(make_referral: Callable[..., Referral], navigator: Any, text: str) -> None:
    make_referral()
    assert find(text, Sight.of(navigator)) == []


@pytest.mark.django_db
def test_codes_phones_and_addresses_are_found_in_any_writing(
    make_referral: Callable[..., Referral], navigator: Any
) -> None:
    referral = make_referral()
    code = referral.public_code
    for text in (
        code,
        code.replace("-", ""),
        code.lower(),
        f" {code[:4]} {code[5:]} ",
        "(626) 555-0142",
        "ROSA@example.org",
    ):
        assert find(text, Sight.of(navigator)) == [referral], text


@pytest.mark.django_db
def test_the_whole_word_comes_before_what_only_begins_or_sounds_so(
    make_referral: Callable[..., Referral], navigator: Any, now: datetime
) -> None:
    for name in ("Rosa One", "Rosalia Two", "Barosa Three"):
        make_referral(contact_name=name, patient_name=name)
    assert [each.contact.name for each in find("rosa", Sight.of(navigator))] == [
        "Rosa One",
        "Rosalia Two",
        "Barosa Three",
    ]


@pytest.mark.django_db
def test_a_new_name_is_found_and_the_old_one_no_more(make_referral: Callable[..., Referral], navigator: Any) -> None:
    referral = make_referral()
    for person in (referral.contact, referral.patient):
        person.name = "Mercedes Ruiz"
        person.save()
    assert find("mercedes", Sight.of(navigator)) == [referral] and find("rosa", Sight.of(navigator)) == []
    referral.contact.save(update_fields=["language"])
    assert find("mercedes", Sight.of(navigator)) == [referral]


@pytest.mark.django_db
def test_a_program_that_was_asked_finds_its_families(
    taken: Referral, nora: Actor, navigator: Any, program: Program, now: datetime
) -> None:
    assert find(program.name, Sight.of(navigator)) == []
    send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)
    assert find(program.name.upper(), Sight.of(navigator)) == [taken]


@pytest.mark.django_db
def test_a_colleagues_family_shows_who_has_it_and_is_recorded_once(
    make_referral: Callable[..., Referral], make_user: Callable[..., Any], staff: Client, navigator: Any, now: datetime
) -> None:
    olga = make_user("olga", "Navigators", first_name="Olga", last_name="Navigator")
    hers = take(make_referral(at=now).pk, actor=Actor.of(olga), now=now)
    with CaptureQueriesContext(connection) as asked:
        page = staff.post("/staff/search/", {"q": "rosa sampl"}).content.decode()
    assert "Olga Navigator" in page and f"/staff/referral/{hers.pk}/" not in page
    assert AccessEvent.objects.filter(actor=navigator, subject=hers.key, action="searched").count() == 1
    assert sum("INSERT" in each["sql"] and "accessevent" in each["sql"] for each in asked) == 1


@pytest.mark.django_db
def test_keys_are_written_anew_by_the_command_and_tell_no_name(make_referral: Callable[..., Referral]) -> None:
    make_referral()
    before = (
        set(ContactKey.objects.values_list("key", flat=True)),
        set(PatientKey.objects.values_list("key", flat=True)),
    )
    assert before[0] and all(isinstance(key, int) for key in before[0])
    ContactKey.objects.all().delete()
    PatientKey.objects.all().delete()
    call_command("index_names", verbosity=0, stdout=StringIO())
    assert _keys() == before


def _keys() -> tuple[set[int], set[int]]:
    return set(ContactKey.objects.values_list("key", flat=True)), set(PatientKey.objects.values_list("key", flat=True))


@pytest.mark.django_db
def test_keys_go_with_their_person() -> None:
    contact = Contact.objects.create(name="Rosa Sample", zone="UTC", language="en")
    assert contact.name_keys.exists()
    contact.delete()
    assert not ContactKey.objects.exists()


def test_two_words_that_each_have_a_slip_are_found(make_referral: Callable[..., Referral], navigator: Any) -> None:
    found = make_referral(contact_name="Olivia Prueba", patient_name="Olivia Prueba", consent=False)
    sight = Sight.of(navigator)
    for typed in ("Olvia Preuba", "Oliva Preba", "preuba olvia"):
        assert [each.pk for each in find(typed, sight)] == [found.pk], typed
    assert find("Olxxa Prxxba", sight) == []
