"""Where the interfaces hang. Each keeps its own list of routes."""

from django.urls import URLPattern, URLResolver, include, path

from shouhou.api.urls import urlpatterns as api_urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include(api_urls)),
    path("", include("shouhou.web.urls")),
]

handler400 = "shouhou.web.views.errors.bad_request"
handler403 = "shouhou.web.views.errors.permission_denied"
handler404 = "shouhou.web.views.errors.not_found"
