"""Which group may do what, in the whole system, as one table.

A line names an app's model and the verbs allowed on it, or one permission by its codename.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from referral.models import HandedOut

EDIT = ("view", "add", "change", "delete")
WORK = ("view", "add", "change")
VIEW = ("view",)

CONTENT: dict[str, tuple[str, ...]] = {"guides.*": EDIT}
QUESTIONS: dict[str, tuple[str, ...]] = {"assessments.*": WORK}
DIRECTORY: dict[str, tuple[str, ...]] = {"directory.*": EDIT}
PEOPLE: dict[str, tuple[str, ...]] = {"referral.*": VIEW}
PLANS: dict[str, tuple[str, ...]] = {
    "referral.dutyshift": EDIT,
    "referral.absence": EDIT,
    "referral.escalationrule": EDIT,
    "referral.officehours": EDIT,
    "referral.holiday": EDIT,
    "referral.followupplan": EDIT,
    "referral.followupstep": EDIT,
    "referral.consentwording": ("view", "add"),
    "messaging.messagetemplate": EDIT,
}

# Group: (model lines, single permissions). A permission of an app that does not have it yet is passed over.
ROLES: Mapping[str, tuple[Mapping[str, tuple[str, ...]], tuple[str, ...]]] = {
    "Editors": ({**CONTENT, **QUESTIONS}, ()),
    # Who takes responsibility for a level reads the draft first.
    "Clinical reviewers": ({"guides.*": WORK, "assessments.questionnaire": VIEW}, ("guides.review",)),
    "Publishers": (
        {**CONTENT, **QUESTIONS, **DIRECTORY, "messaging.messagetemplate": EDIT},
        ("guides.publish", "assessments.publish_questionnaire"),
    ),
    "Navigators": (
        {"directory.capacity": ("view", "add"), "directory.program": VIEW},
        ("referral.work_referrals",),
    ),
    "Auditors": ({"privacy.accessevent": VIEW}, ("privacy.export_accesses",)),
    "Supervisors": (
        {**PEOPLE, **PLANS, **DIRECTORY, "messaging.*": VIEW, "messaging.channel": WORK, "privacy.accessevent": VIEW},
        (
            "referral.work_referrals",
            "referral.supervise_referrals",
            "messaging.operate_queue",
            "messaging.read_message",
        ),
    ),
}


@transaction.atomic
def set_up() -> dict[str, int]:
    """Bring the groups in line with the table; return {group: permissions}. What a group had besides is taken away."""
    known, counts = _known(), {}
    for name, wanted in _table(known):
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.set([known[code] for code in wanted])
        _note(name, wanted)
        counts[name] = len(wanted)
    return counts


@transaction.atomic
def add_new() -> dict[str, int]:
    """Give and take only what the table says otherwise than at the last set-up; return {group: permissions changed}.

    What an admin gave a group, took from it, or deleted as a group since, stays as the admin left it.
    """
    known, counts = _known(), {}
    for name, wanted in _table(known):
        gave = HandedOut.objects.names(_kind(name))
        group = Group.objects.filter(name=name).first() if gave else Group.objects.get_or_create(name=name)[0]
        _note(name, wanted)
        if group and gave != wanted:
            group.permissions.add(*(known[code] for code in wanted - gave))
            group.permissions.remove(*(known[code] for code in gave - wanted if code in known))
            counts[name] = len(gave ^ wanted)
    return counts


def _kind(group: str) -> str:
    return f"group {group}"


def _note(group: str, wanted: set[str]) -> None:
    """Write down that the group was given this, and nothing else."""
    HandedOut.objects.filter(kind=_kind(group)).exclude(name__in=wanted).delete()
    HandedOut.objects.note(_kind(group), wanted)


def _table(known: Mapping[str, Permission]) -> Iterator[tuple[str, set[str]]]:
    """Each group with the permissions that this release gives it."""
    for name, (models, singles) in ROLES.items():
        yield name, {*_of_models(models, known), *(code for code in singles if code in known)}


def _known() -> dict[str, Permission]:
    return {f"{each.content_type.app_label}.{each.codename}": each for each in _permissions()}


def _permissions() -> Iterable[Permission]:
    return Permission.objects.select_related("content_type")


def _of_models(models: Mapping[str, tuple[str, ...]], known: Mapping[str, Permission]) -> Iterator[str]:
    for line, verbs in models.items():
        app, _, model = line.partition(".")
        for code, permission in known.items():
            if permission.content_type.app_label != app:
                continue
            of = permission.content_type.model
            if model in ("*", of) and permission.codename in {f"{verb}_{of}" for verb in verbs}:
                yield code
