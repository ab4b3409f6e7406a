"""Addresses of the tasks room, one module per group of screens."""

from tasks.urls import (
    asking,
    behalf,
    chasing,
    desk,
    digests,
    directives,
    drafts,
    events,
    figures,
    indicators,
    instructions,
    links,
    office,
    papers,
    rounds,
    talking,
    together,
    unit,
)

app_name = "tasks"
urlpatterns = [
    *office.urlpatterns,
    *papers.urlpatterns,
    *directives.urlpatterns,
    *unit.urlpatterns,
    *drafts.urlpatterns,
    *behalf.urlpatterns,
    *figures.urlpatterns,
    *indicators.urlpatterns,
    *asking.urlpatterns,
    *chasing.urlpatterns,
    *digests.urlpatterns,
    *desk.urlpatterns,
    *talking.urlpatterns,
    *links.urlpatterns,
    *rounds.urlpatterns,
    *events.urlpatterns,
    *instructions.urlpatterns,
    *together.urlpatterns,
]
