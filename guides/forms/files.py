"""A file for the library, and why it cannot be taken, in sentences."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guides.content import takeaways
from guides.content.pictures import MOST_PIXELS, BadPicture, Picture, read_picture
from guides.content.takeaways import BadTakeaway, check_takeaway
from guides.models import StoredFile

MEGABYTE = 1_000_000
# A photo of 60 million pixels has about half of this.
MOST_BYTES = 60 * MEGABYTE


class LibraryForm(forms.ModelForm[StoredFile]):
    """What is said of a file: a picture has words for those who do not see it, or only decorates.

    In one language at least: who writes no Spanish writes none. A guide in the other language waits for them, and
    what is said once is not taken from a guide that shows it.
    """

    class Meta:
        model = StoredFile
        fields = ["name", "alt_en", "alt_es", "decorative"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        sentences = {
            "alt_en": _("Say in English what the picture shows, or check “only decorates”."),
            "alt_es": _("Say in Spanish what the picture shows, or check “only decorates”."),
        }
        if not self.is_picture() or data.get("decorative") or self.errors.keys() & sentences.keys():
            return data
        for name in [name for name in sentences if self.initial.get(name) and not data.get(name)]:
            self.add_error(name, sentences[name])
        if not any(data.get(name) or self.initial.get(name) for name in sentences):
            self.add_error("alt_en", _("Say in one language what the picture shows, or check “only decorates”."))
        return data

    def is_picture(self) -> bool:
        return self.instance.kind == StoredFile.Kind.PICTURE


class UploadForm(LibraryForm):
    """A new file: a picture or a PDF, known by what it holds and not by its name."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "A picture (JPEG, PNG, WebP or AVIF, at most 60 million pixels) or a PDF of at most 10 MB. "
            "You can drop it here."
        ),
        widget=forms.ClearableFileInput(
            attrs={"accept": ".jpg,.jpeg,.png,.webp,.avif,.pdf", "data-drop": "", "class": "drop"}
        ),
    )
    field_order = ["file", "name", "alt_en", "alt_es", "decorative"]
    picture: Picture | None = None
    takeaway: bytes | None = None

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        size = file.size or 0
        if size > MOST_BYTES:
            raise forms.ValidationError(
                _("This file has %(found)s MB. Use a picture of at most %(most)s MB, or a PDF of at most 10 MB."),
                params={"found": round(size / MEGABYTE), "most": MOST_BYTES // MEGABYTE},
            )
        try:
            if file.read(5) == b"%PDF-":
                file.seek(0)
                self.takeaway = check_takeaway(file.read(takeaways.MOST_BYTES + 1))
            else:
                # Pillow reads it as any open file.
                self.picture = read_picture(file)  # type: ignore[arg-type]
        except BadPicture as bad:
            raise forms.ValidationError(picture_refused(bad)) from bad
        except BadTakeaway as bad:
            raise forms.ValidationError(takeaway_refused(bad)) from bad
        return file

    def is_picture(self) -> bool:
        return self.picture is not None


def picture_refused(bad: BadPicture) -> str:
    """Return why a picture cannot be taken, and what to do."""
    if bad.reason == "pixels":
        return _(
            "This picture has %(found)s million pixels. The most is %(most)s million. "
            "Make it smaller, then choose it again."
        ) % {"found": round(bad.count / 1_000_000), "most": MOST_PIXELS // 1_000_000}
    return {
        "svg": _("SVG drawings are not taken, because they can carry programs. Save it as PNG, then choose it again."),
        "heic": _("This is a HEIC photo, which most browsers do not show. Save it as JPEG, then choose it again."),
        "kind": _(
            "This is no JPEG, PNG, WebP or AVIF picture and no PDF, whatever its name says. Save it as one of these, "
            "then choose it again."
        ),
        "damaged": _("This picture is damaged and cannot be read to its end. Save it anew, then choose it again."),
    }[bad.reason]


def takeaway_refused(bad: BadTakeaway) -> str:
    """Return why a PDF cannot be taken, and what to do."""
    return {
        "size": _("This PDF has more than 10 MB. Make it smaller, then choose it again."),
        "kind": _("This is no PDF, whatever its name says."),
        "damaged": _("This PDF is cut off or damaged. Save it anew, then choose it again."),
        "active": _(
            "This PDF holds programs or files inside it. Print it to a new PDF, which has neither, then choose that."
        ),
    }[bad.reason]
