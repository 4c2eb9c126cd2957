"""The form of a draft."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from guides.forms.blocks import BlocksFormField, BlocksWidget
from guides.forms.options import Options
from guides.models import Guide, GuideEdition, Language


class NewGuideForm(forms.ModelForm[Guide]):
    """What a guide begins with; everything else has its place later."""

    title = forms.CharField(
        label=_("Title"),
        max_length=150,
        widget=AdminTextInputWidget(attrs={"autofocus": True}),
        help_text=_("You can change it."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)

    class Meta:
        model = Guide
        fields = ["section"]


class EditionForm(forms.ModelForm[GuideEdition]):
    """A draft: its title, address, summary and blocks."""

    blocks = BlocksFormField(label=_("Blocks"))

    class Meta:
        model = GuideEdition
        fields = ["guide", "language", "title", "slug", "summary", "blocks"]
        widgets = {"summary": AdminTextareaWidget(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if guide := self.fields.get("guide"):
            begin = format_html('<a href="{}">{}</a>', reverse("admin:guides_guide_add"), _("Begin a new guide"))
            guide.help_text = format_html("{} {}", _("A guide that is there already."), begin)
        widget = self.fields["blocks"].widget
        if self.instance.pk and not self.instance.summary:
            self.fields["summary"].widget.attrs["autofocus"] = True
        if isinstance(widget, BlocksWidget):
            widget.options = lambda: self.options

    @cached_property
    def options(self) -> Options:
        return Options.now(self.instance.language or "en")

    def clean(self) -> dict[str, Any]:
        """The language is part of what must be unique, and is no field of an existing draft."""
        data = super().clean() or {}
        language = data.get("language") or self.instance.language
        taken = GuideEdition.objects.filter(language=language, slug=data.get("slug", "")).exclude(pk=self.instance.pk)
        if taken.exists():
            self.add_error("slug", _("Another guide has this address. Choose another, such as “paying-for-care-2”."))
        return data
