"""Every address of the system. Pages for people have a language; what machines and secret links call has none."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path
from django.utils.functional import lazy
from django.views.generic import RedirectView, TemplateView

from config import health, leaving, sign_in_forms
from directory.views import sitemap as program_sitemap
from guides import file_pages, views
from workspace.views.feed import feed

handler500 = "config.errors.server_error"
urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("leave/", leaving.leave, name="leave"),
    path("files/<str:name>", file_pages.stored_file, name="stored_file"),
    path("robots.txt", views.robots, name="robots"),
    # Asked for by browsers that read no <link>, and by mail programs.
    path("favicon.ico", RedirectView.as_view(url=lazy(static, str)("img/icon.svg"))),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("programs.xml", program_sitemap, name="program_sitemap"),
    path("t/<str:token>/", feed, name="task-feed"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("messaging.urls")),
]
if settings.ANYMAIL.get("WEBHOOK_SECRET"):
    # Some providers sign nothing but this secret: without it their reports could come from anybody.
    urlpatterns.append(path("hooks/", include("anymail.urls")))
urlpatterns += i18n_patterns(
    path("admin/", admin.site.urls),
    path("accounts/login/", sign_in_forms.SignIn.as_view(), name="account_login"),
    path("accounts/2fa/totp/activate/", sign_in_forms.SetUp.as_view(), name="mfa_activate_totp"),
    path("accounts/email/", sign_in_forms.no_page, name="account_email"),
    path("accounts/", include("allauth.urls")),
    path("messages/", include("messaging.page_urls")),
    path("assessment/", include("assessments.urls")),
    path("programs/", include("directory.urls")),
    path("", include("portal.urls")),
    path("staff/", include("workspace.urls")),
    path("about/", TemplateView.as_view(template_name="about.html"), name="about"),
    path("privacy/", TemplateView.as_view(template_name="privacy.html"), name="privacy"),
    path("", views.home, name="home"),
    path("", include("guides.urls")),
    prefix_default_language=False,
)
if not settings.HOSTED:
    # The style page: every component once, for developers and for the tests that look at it.
    urlpatterns += i18n_patterns(
        path("demo/look/", TemplateView.as_view(template_name="look.html"), name="look"),
        path("demo/look/staff/", TemplateView.as_view(template_name="look_staff.html"), name="look_staff"),
        prefix_default_language=False,
    )
