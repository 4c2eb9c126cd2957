"""Addresses of the workspace. Each button has its own."""

from django.urls import path

from workspace.views import absences, agreement, bulk, determination, intake, one_referral, queue
from workspace.views.actions import consents, followups, placements, referrals, tasks

app_name = "workspace"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("search/", queue.search, name="search"),
    path("new/", intake.new, name="new"),
    path("new/save/", intake.save, name="new-save"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("away/", absences.absences, name="absences"),
    path("away/<int:pk>/back/", absences.back, name="absence-back"),
    path("agreement/", agreement.agreement, name="agreement"),
    path("referral/<int:pk>/", one_referral.detail, name="referral"),
    path("referral/<int:pk>/answers/", determination.determination, name="determination"),
    path("referral/<int:pk>/take/", referrals.Take.as_view(), name="take"),
    path("referral/<int:pk>/assign/", referrals.Assign.as_view(), name="assign"),
    path("referral/<int:pk>/hand_over/", referrals.HandOver.as_view(), name="hand_over"),
    path("referral/<int:pk>/give_back/", referrals.GiveBack.as_view(), name="give_back"),
    path("referral/<int:pk>/note/", referrals.AddNote.as_view(), name="note"),
    path("referral/<int:pk>/call/", referrals.LogCall.as_view(), name="call"),
    path("referral/<int:pk>/hold/", referrals.Hold.as_view(), name="hold"),
    path("referral/<int:pk>/resume/", referrals.Resume.as_view(), name="resume"),
    path("referral/<int:pk>/reconsider/", referrals.Reconsider.as_view(), name="reconsider"),
    path("referral/<int:pk>/need/", referrals.ChangeNeed.as_view(), name="need"),
    path("referral/<int:pk>/correct/", referrals.Correct.as_view(), name="correct"),
    path("referral/<int:pk>/close/", referrals.Close.as_view(), name="close"),
    path("referral/<int:pk>/send/", placements.Send.as_view(), name="send"),
    path("referral/<int:pk>/plan/", followups.SetPlan.as_view(), name="plan"),
    path("referral/<int:pk>/check-in/", followups.CheckIn.as_view(), name="check-in"),
    path("referral/<int:pk>/listen/", followups.Listen.as_view(), name="listen"),
    path("referral/<int:pk>/ask-consent/", consents.Ask.as_view(), name="ask-consent"),
    path("referral/<int:pk>/consent/", consents.Give.as_view(), name="consent"),
    path("referral/<int:pk>/task/", tasks.Add.as_view(), name="task"),
    path("referral/<int:pk>/placement/<int:row>/accept/", placements.Accept.as_view(), name="placement-accept"),
    path("referral/<int:pk>/placement/<int:row>/waitlist/", placements.Waitlist.as_view(), name="placement-waitlist"),
    path("referral/<int:pk>/placement/<int:row>/reject/", placements.Reject.as_view(), name="placement-reject"),
    path("referral/<int:pk>/placement/<int:row>/start/", placements.Start.as_view(), name="placement-start"),
    path("referral/<int:pk>/placement/<int:row>/hold/", placements.Hold.as_view(), name="placement-hold"),
    path("referral/<int:pk>/placement/<int:row>/resume/", placements.Resume.as_view(), name="placement-resume"),
    path("referral/<int:pk>/placement/<int:row>/complete/", placements.Complete.as_view(), name="placement-complete"),
    path("referral/<int:pk>/placement/<int:row>/fail/", placements.Fail.as_view(), name="placement-fail"),
    path("referral/<int:pk>/placement/<int:row>/cancel/", placements.Cancel.as_view(), name="placement-cancel"),
    path("referral/<int:pk>/consent/<int:row>/revoke/", consents.Revoke.as_view(), name="consent-revoke"),
    path("referral/<int:pk>/followup/<int:row>/said/", followups.RecordAnswer.as_view(), name="followup-answer"),
    path("referral/<int:pk>/task/<int:row>/done/", tasks.Finish.as_view(), name="task-done"),
    path("referral/<int:pk>/task/<int:row>/reply/", tasks.Reply.as_view(), name="task-reply"),
    path("referral/<int:pk>/task/<int:row>/have/", tasks.Acknowledge.as_view(), name="task-have"),
    path("referral/<int:pk>/task/<int:row>/resolve/", tasks.Resolve.as_view(), name="task-resolve"),
]
