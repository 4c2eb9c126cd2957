"""Addresses of families and programs."""

from django.urls import path

from assessments.models import SharedResult
from portal.views import (
    asking,
    asking_steps,
    check_in,
    desk,
    hours,
    links,
    new_link,
    program,
    results,
    status,
    status_consent,
    status_leaving,
    status_reach,
    status_talk,
)
from referral.models import CheckInLink, FamilyLink

app_name = "portal"
urlpatterns = [
    path("referral/", asking_steps.ask, name="ask"),
    path("referral/step/<int:number>/", asking_steps.step, name="ask-step"),
    path("referral/thanks/", asking.thanks, name="thanks"),
    path("status/", status.status, name="status"),
    path("status/new-link/", new_link.new_link, name="new-link"),
    path("status/reach/", status_reach.reach, name="reach"),
    path("status/consent/", status_consent.consent, name="consent"),
    path("status/consent/<int:consent_pk>/", status_consent.consent_copy, name="consent-copy"),
    path("status/consent/<int:consent_pk>/revoke/", status_consent.revoke, name="revoke"),
    path("status/hours/", hours.hours, name="hours"),
    path("status/stop/", status_reach.stop, name="stop"),
    path("status/start/", status_reach.start, name="start"),
    path("status/word/", status_talk.word, name="word"),
    path("status/nobody-called/", status_talk.not_called, name="nobody-called"),
    path("status/end/", status_leaving.end, name="end"),
    path("status/time/", status_talk.choose, name="choose-time"),
    path("status/check-in/", status_talk.check_in, name="answer-check-in"),
    path("status/pause/", status_leaving.pause, name="pause"),
    path("status/go-on/", status_leaving.resume, name="go-on"),
    path("status/others-read/", status_reach.others_read, name="others-read"),
    path("status/safe-again/", status_reach.safe_again, name="safe-again"),
    path("status/download/", status_leaving.download, name="own-copy"),
    path("status/delete/", status_leaving.erase, name="erase"),
    path("status/calendar/<int:pk>/", status_leaving.calendar_file, name="calendar-file"),
    path("c/", check_in.check_in, name="check-in"),
    path("p/", program.program, name="program"),
    path("p/code/", desk.send_code, name="program-code"),
    path("p/enter/", desk.enter_code, name="program-enter"),
    path("p/leave/", desk.leave_desk, name="program-leave"),
    path("p/openings/", program.openings, name="program-openings"),
    path("p/request/<int:pk>/", program.one_request, name="program-request"),
    path("p/request/<int:pk>/<slug:deed>/", program.act, name="program-act"),
    path("s/", results.shared, name="shared"),
    path("a/<str:token>/", results.open_answers, name="open-answers"),
    path("s/<str:token>/", links.open_link, {"kind": SharedResult}, name="open-shared"),
    path("r/<str:token>/", links.open_link, {"kind": FamilyLink}, name="open-family"),
    path("c/<str:token>/", links.open_link, {"kind": CheckInLink}, name="open-check-in"),
    path("p/<str:token>/", desk.open_program, name="open-program"),
]
