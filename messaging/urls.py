"""What machines and the links in messages call: addresses without a language."""

from django.urls import path

from messaging import hooks, views

app_name = "messaging"
urlpatterns = [
    path("m/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("hooks/mail/", hooks.mail_report, name="mail-report"),
    path("hooks/sms/status/", hooks.sms_status, name="sms-status"),
    path("hooks/sms/inbound/", hooks.sms_inbound, name="sms-inbound"),
    path("demo/mail/", views.demo_mail, name="demo-mail"),
    path("demo/mail/<str:name>/", views.demo_item, name="demo-item"),
    path("demo/mail/<str:name>/html/", views.demo_html, name="demo-html"),
]
