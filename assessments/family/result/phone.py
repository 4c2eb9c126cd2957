"""What to say on the phone: words to read aloud, with gaps to fill, that tell nothing of the answers."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from assessments.engine.definition import Voice


def to_say(
    steps: Sequence[tuple[str, str]], *, least: bool, voice: Voice, uses: bool = True, detox: bool = True
) -> list[str]:
    """Who calls, what is looked for, and what the caller may add. `steps` are (slug, name) of levels in their order.

    `uses` says that a substance was named: else the gaps leave open what it is about. `detox`: that it may be one whose
    withdrawal asks for days in a hospital.
    """
    me = voice == "me"
    who = (
        _("Hello. I am looking for care for myself.")
        if me
        else _("Hello. I am calling about someone I love, who may need care.")
    )
    gaps = [
        _("The main problem is ____. It began ____ ago.")
        if not (steps and uses)
        else _("I use ____, about ____ a day. The last time was ____.")
        if me
        else _("They use ____, about ____ a day. The last time was ____."),
        _("I am ____ years old. I could pay with ____.")
        if me
        else _("They are ____ years old. We could pay with ____."),
    ]
    return [
        who,
        _looked_for(steps, least=least, me=me, detox=detox),
        *gaps,
        _("Can you help with this? If not, who can?"),
    ]


def _looked_for(steps: Sequence[tuple[str, str]], *, least: bool, me: bool, detox: bool) -> str:
    spoken = [_spoken(detox=detox).get(slug, name) for slug, name in steps]
    if not spoken:
        return (
            _("I answered some questions, and it is not clear yet which level fits. Can you help me find out?")
            if me
            else _("I answered some questions, and it is not clear yet which level fits. Can you help us find out?")
        )
    if len(spoken) > 1:
        two = (
            _("I may need two steps. First: %(first)s. After that: %(then)s. When could I start?")
            if me
            else _("We may need two steps. First: %(first)s. After that: %(then)s. When could we start?")
        )
        return two % {"first": spoken[0], "then": spoken[1]}
    if least:
        more = (
            _("I am looking for %(level)s, or for more care than that. When could I start?")
            if me
            else _("We are looking for %(level)s, or for more care than that. When could we start?")
        )
        return more % {"level": spoken[0]}
    one = (
        _("I am looking for %(level)s. When could I start?")
        if me
        else _("We are looking for %(level)s. When could we start?")
    )
    return one % {"level": spoken[0]}


def _spoken(*, detox: bool) -> dict[str, str]:
    """Levels in the words that those who answer the phone use."""
    return {
        "recovery-support": _("recovery support, such as peer groups or sober living"),
        "outpatient": _("outpatient counseling"),
        "iop": _("an intensive outpatient program, also called IOP"),
        "php": _("a day program, also called PHP"),
        "residential": _("residential treatment, where people live in"),
        "medically-managed": _("detox or a hospital unit, with doctors and nurses day and night")
        if detox
        else _("a hospital unit, with doctors and nurses day and night"),
    }
