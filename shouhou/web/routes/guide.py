"""Finding one's way: what a scanned code leads to, help, and the tours of the first day."""

from django.urls import path

from shouhou.web.views import helping, scanning

urlpatterns = [
    path("scan/", scanning.scan, name="scan"),
    path("scan/reading/", scanning.scan_reading, name="scan_reading"),
    path("help/", helping.help_index, name="help"),
    path("help/<slug:topic>/", helping.help_topic, name="help_topic"),
    path("tours/<slug:tour>/seen/", helping.tour_seen, name="tour_seen"),
]
