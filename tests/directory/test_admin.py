"""The directory is kept in the admin."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory import demo
from directory.models import Capacity, Program, ServiceArea
from guides.models import LevelOfCare

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Levels = dict[str, LevelOfCare]


@pytest.fixture
def admin(make_user: Callable[..., Any], sign_in: Callable[[Any], Client], levels: Levels) -> Client:
    demo.load(timezone.now())
    return sign_in(make_user("admin", is_superuser=True))


def posted(client: Client, program: Program, **changes: Any) -> dict[str, Any]:
    """What a browser would post from the program's page, with these changes."""
    page = client.get(reverse("admin:directory_program_change", args=[program.pk]))
    assert page.status_code == 200
    data: dict[str, Any] = {}
    forms = [page.context["adminform"].form]
    for inline in page.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.initial_forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            if value not in (None, ""):
                data[bound.html_name] = value
    return {**data, "seen": page.context["seen"], **changes}


def test_the_list_shows_levels_places_and_what_is_old(admin: Client) -> None:
    html = admin.get(reverse("admin:directory_program_changelist")).content.decode()
    assert "6 openings, as reported 2 days ago." in html
    assert "The last report was made 30 days ago." in html


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("report=stale", 3),
        ("report=fresh", 9),
        ("payment=medicare", 4),
        ("language=hy", 2),
        ("concern=mental_health", 2),
        ("level=php", 2),
    ],
)
def test_the_filters_find(admin: Client, query: str, count: int) -> None:
    page = admin.get(reverse("admin:directory_program_changelist") + "?" + query)
    assert page.context["cl"].result_count == count


def test_the_list_costs_the_same_queries_for_any_number_of_programs(
    admin: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(25):
        admin.get(reverse("admin:directory_program_changelist"))


def test_a_program_is_saved_as_it_was_shown(admin: Client) -> None:
    program = Program.objects.get(slug="sample-orchard-house")
    answer = admin.post(
        reverse("admin:directory_program_change", args=[program.pk]), posted(admin, program, name="Sample New Name")
    )
    assert answer.status_code == 302, [
        *answer.context["adminform"].form.errors.items(),
        *(formset.formset.errors for formset in answer.context["inline_admin_formsets"]),
    ]
    program.refresh_from_db()
    assert program.name == "Sample New Name" and program.payment == ["insurance", "self_pay"]
    assert program.capacities.count() == 1


def test_a_new_report_is_added_and_the_old_one_stays(admin: Client) -> None:
    program = Program.objects.get(slug="sample-orchard-house")
    level = program.offers.get().level
    answer = admin.post(
        reverse("admin:directory_capacity_add"), {"program": program.pk, "level": level.pk, "spots": 0, "wait_days": 4}
    )
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    newest, old = program.capacities.all()
    assert (newest.spots, newest.wait_days, old.spots) == (0, 4, 2)
    assert timezone.now() - newest.reported_at < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Enter the openings, the days to wait, or both."),
        ({"spots": 1, "reported_at_0": "2999-01-01", "reported_at_1": "10:00"}, "This moment has not come yet."),
    ],
)
def test_a_report_with_a_fault_is_told_in_a_sentence(admin: Client, fields: dict[str, Any], sentence: str) -> None:
    program = Program.objects.get(slug="sample-orchard-house")
    data = {"program": program.pk, "level": program.offers.get().level.pk, **fields}
    answer = admin.post(reverse("admin:directory_capacity_add"), data)
    assert answer.status_code == 200 and sentence in answer.content.decode()
    assert Capacity.objects.filter(program=program).count() == 1


def test_a_report_cannot_be_changed_or_deleted_in_the_admin(admin: Client) -> None:
    row = Capacity.objects.first()
    assert row
    page = reverse("admin:directory_capacity_change", args=[row.pk])
    assert admin.post(page, {"spots": 99}).status_code == 403
    assert admin.post(reverse("admin:directory_capacity_delete", args=[row.pk]), {"post": "yes"}).status_code == 403


def test_programs_are_archived_and_shown_again_from_the_list(admin: Client) -> None:
    program = Program.objects.get(slug="sample-orchard-house")
    url = reverse("admin:directory_program_changelist")
    admin.post(url, {"action": "archive", "_selected_action": [program.pk]})
    assert not Program.objects.public().filter(pk=program.pk)
    admin.post(url, {"action": "publish", "_selected_action": [program.pk]})
    assert Program.objects.public().filter(pk=program.pk)


@pytest.mark.parametrize("model", ["program", "organization", "location", "servicearea", "capacity"])
def test_every_page_to_add_and_to_list_opens(admin: Client, model: str) -> None:
    assert admin.get(reverse(f"admin:directory_{model}_add")).status_code == 200
    assert admin.get(reverse(f"admin:directory_{model}_changelist")).status_code == 200


def test_publishers_may_edit_programs_and_navigators_may_only_report(
    make_user: Callable[..., Any], sign_in: Callable[[Any], Client], admin: Client
) -> None:
    program = Program.objects.get(slug="sample-orchard-house")
    change = reverse("admin:directory_program_change", args=[program.pk])
    assert sign_in(make_user("publisher", "Publishers")).get(change).context["has_change_permission"]
    navigator = sign_in(make_user("navigator", "Navigators"))
    assert not navigator.get(change).context["has_change_permission"]
    assert navigator.get(reverse("admin:directory_capacity_add")).status_code == 200


def test_zip_codes_are_shown_and_saved_as_people_write_them(admin: Client) -> None:
    area = ServiceArea.objects.get()
    page = reverse("admin:directory_servicearea_change", args=[area.pk])
    shown = admin.get(page)
    assert " ".join(area.zips) in shown.content.decode()
    (names,) = shown.context["inline_admin_formsets"]
    forms = [names.formset.management_form, *names.formset.initial_forms]
    data = {
        bound.html_name: bound.value() for form in forms for bound in form if bound.value() not in (None, "", False)
    }
    data["seen"] = shown.context["seen"]
    answer = admin.post(page, {**data, "slug": area.slug, "zips": "91101  91001\n91106"})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    area.refresh_from_db()
    assert area.zips == ["91001", "91101", "91106"]
