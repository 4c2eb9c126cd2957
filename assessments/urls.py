from django.urls import path

from assessments.family import keeping, views
from assessments.family.result import still_open

app_name = "assessments"

urlpatterns = [
    path("", views.start, name="start"),
    path("<int:number>/", views.question, name="question"),
    path("check/", views.check, name="check"),
    path("safety/", views.safety, name="safety"),
    path("result/", views.result, name="result"),
    path("result/open/", still_open.still_open, name="open"),
    path("keep/", keeping.keep, name="keep"),
    path("return/", keeping.come_back, name="come-back"),
    path("resume/", keeping.resume, name="resume"),
    path("delete/", keeping.delete, name="delete"),
]
