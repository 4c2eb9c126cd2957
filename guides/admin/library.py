"""The library of pictures and PDFs: each once, with what it shows and where it is used."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from guides.admin.rows import GoesToTrash
from guides.forms.files import LibraryForm, UploadForm
from guides.forms.options import small_picture
from guides.models import StoredFile
from guides.publishing.published import file_path
from guides.workflow import deletion, library


class KindFilter(admin.SimpleListFilter):
    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(StoredFile.Kind.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[StoredFile]) -> QuerySet[StoredFile]:
        return queryset.filter(kind=self.value()) if self.value() in StoredFile.Kind.values else queryset


@admin.register(StoredFile)
class LibraryAdmin(GoesToTrash):
    list_display = ["thumb", "name", "what", "used_by"]
    list_display_links = ["thumb", "name"]
    list_filter = [KindFilter]
    list_per_page = 50
    search_fields = ["name", "alt_en", "alt_es"]
    why_kept = staticmethod(deletion.file_kept)

    class Media:
        css = {"all": ["guides/editing.css"]}
        js = ["guides/files.js"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[StoredFile]:
        return super().get_queryset(request).defer("data")

    def get_form(self, request: HttpRequest, obj: StoredFile | None = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change=change, **{**kwargs, "form": LibraryForm if obj else UploadForm})

    def get_fields(self, request: HttpRequest, obj: StoredFile | None = None) -> Any:
        said = ["name", "alt_en", "alt_es", "decorative"]
        if obj is None:
            return ["file", *said]
        return ["shown", *(said if obj.kind == StoredFile.Kind.PICTURE else said[:1]), "what", "used_by"]

    def get_readonly_fields(self, request: HttpRequest, obj: StoredFile | None = None) -> list[str]:
        return ["shown", "what", "used_by"] if obj else []

    def save_model(self, request: HttpRequest, obj: StoredFile, form: Any, change: bool) -> None:
        if change:
            obj.changed_here = True
            # The bytes were not read, and are not written again.
            obj.save(update_fields=["name", "alt_en", "alt_es", "decorative", "changed_here"])
        else:
            kept = _kept(form, request)
            # What is there already keeps its own words; the page goes on with that one.
            obj.pk, obj._state.adding = kept.pk, False

    # --- from a draft ---------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.upload))
        return [path("upload/", view, name="guides_storedfile_upload"), *super().get_urls()]

    def upload(self, request: HttpRequest) -> HttpResponse:
        """Take a file from the page of a draft; answer in JSON, with a sentence for each thing that is wrong."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return JsonResponse({"errors": form.errors}, status=422)
        kept = _kept(form, request)
        self.log_addition(request, kept, "Added from a draft.")
        return JsonResponse({"key": kept.key, "name": kept.name, "kind": kept.kind, "small": _small(kept)})

    # --- how it is shown ------------------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("picture"))
    def thumb(self, row: StoredFile) -> SafeString:
        return _image(row, 120)

    @admin.display(description=gettext_lazy("picture or file"))
    def shown(self, row: StoredFile) -> SafeString:
        if row.kind == StoredFile.Kind.PICTURE:
            return _image(row, 400)
        return format_html('<a href="{}">{}</a>', file_path(row.key, None, row.suffix), _("Download it"))

    @admin.display(description=gettext_lazy("what it is"))
    def what(self, row: StoredFile) -> str:
        measures = f"{row.width} × {row.height}, " if row.width else ""
        return f"{row.get_kind_display()}, {measures}{filesizeformat(row.size)}"

    @admin.display(description=gettext_lazy("used by"))
    def used_by(self, row: StoredFile) -> SafeString | str:
        titles = deletion.used_by(row)
        lines = format_html_join("", "<li>{}</li>", ((title,) for title in titles))
        return format_html('<ul class="editions">{}</ul>', lines) if titles else _("no guide yet")


def _kept(form: UploadForm, request: HttpRequest) -> StoredFile:
    user: Any = request.user
    if form.picture:
        return library.keep_picture(form.instance, form.picture, by=user, now=timezone.now())
    assert form.takeaway is not None
    return library.keep_takeaway(form.instance, form.takeaway, by=user, now=timezone.now())


def _small(row: StoredFile) -> str:
    """Return the address of a picture in its smallest size, "" for what is none."""
    return small_picture(row.key, row.width) if row.width else ""


def _image(row: StoredFile, width: int) -> SafeString:
    """A picture as wide as `width`, in the admin: its words stand beside it."""
    if not row.width or not row.height:
        return format_html('<span class="file-sign">{}</span>', row.suffix.upper())
    return format_html(
        '<img class="file-shown" src="{}" width="{}" height="{}" alt="{}">',
        _small(row),
        width,
        round(width * row.height / row.width),
        row.alt_en or row.name,
    )
