"""Addresses of families and programs."""

from django.urls import path

from referral.models import CheckInLink, FamilyLink, ProgramLink
from referral.views import asking, check_in, family, links, program

app_name = "referral"
urlpatterns = [
    path("referral/", asking.ask, name="ask"),
    path("referral/thanks/", asking.thanks, name="thanks"),
    path("status/", family.status, name="status"),
    path("status/reach/", family.reach, name="reach"),
    path("status/consent/", family.consent, name="consent"),
    path("status/consent/<int:consent_pk>/revoke/", family.revoke, name="revoke"),
    path("status/stop/", family.stop, name="stop"),
    path("status/start/", family.start, name="start"),
    path("status/word/", family.word, name="word"),
    path("status/nobody-called/", family.not_called, name="nobody-called"),
    path("status/end/", family.end, name="end"),
    path("c/", check_in.check_in, name="check-in"),
    path("p/", program.program, name="program"),
    path("p/ask/", program.ask_us, name="program-ask"),
    path("r/<str:token>/", links.open_link, {"kind": FamilyLink}, name="open-family"),
    path("c/<str:token>/", links.open_link, {"kind": CheckInLink}, name="open-check-in"),
    path("p/<str:token>/", links.open_link, {"kind": ProgramLink}, name="open-program"),
]
