"""What is the same for everybody is rendered once for each language and each value that it depends on."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.template import Context, Template
from django.utils import translation

from ui.frozen import parts

SAYS = Template('{% load i18n %}{% frozen "part" which %}{{ said }} {% translate "Leave" %}{% endfrozen %}')


def said(which: object, said: str) -> str:
    return SAYS.render(Context({"which": which, "said": said}))


def test_it_is_rendered_once_for_a_value() -> None:
    assert [said(1, "first"), said(1, "second"), said((1,), "third")] == ["first Leave", "first Leave", "third Leave"]


def test_each_language_has_its_own() -> None:
    said(1, "first")
    with translation.override("es"):
        assert said(1, "segundo") == "segundo Salir rápido"
    assert said(1, "third") == "first Leave"


def test_whoever_edits_templates_sees_each_change(settings: LazySettings) -> None:
    settings.DEBUG = True
    assert [said(1, "first"), said(1, "second")] == ["first Leave", "second Leave"]


def test_it_does_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.frozen.MOST", 3)
    assert [said(each, str(each)) for each in range(9)] == [f"{each} Leave" for each in range(9)]

    assert len(parts) <= 3
