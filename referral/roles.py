"""Which group may do what, in the whole system, as one table.

A line names an app's model and the verbs allowed on it, or one permission by its codename.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from django.contrib.auth.models import Group, Permission
from django.db import transaction

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
    known = {f"{each.content_type.app_label}.{each.codename}": each for each in _permissions()}
    counts = {}
    for name, (models, singles) in ROLES.items():
        group, _made = Group.objects.get_or_create(name=name)
        wanted = {*_of_models(models, known), *(code for code in singles if code in known)}
        group.permissions.set([known[code] for code in wanted])
        counts[name] = len(wanted)
    return counts


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
