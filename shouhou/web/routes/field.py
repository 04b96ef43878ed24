"""The technician's day, his visits and the customer's signature."""

from django.urls import path

from shouhou.web.views import signing, technician, visits

urlpatterns = [
    path("visits/", technician.technician_day, name="technician_day"),
    path("visits/<uuid:visit_id>/", visits.visit, name="visit"),
    path("visits/<uuid:visit_id>/acceptance/", visits.visit_accept, name="visit_accept"),
    path("visits/<uuid:visit_id>/refusal/", visits.visit_refuse, name="visit_refuse"),
    path("visits/<uuid:visit_id>/departure/", visits.visit_depart, name="visit_depart"),
    path("visits/<uuid:visit_id>/arrival/", visits.visit_arrive, name="visit_arrive"),
    path("visits/<uuid:visit_id>/completion/", visits.visit_complete, name="visit_complete"),
    path("visits/<uuid:visit_id>/non-completion/", visits.visit_incomplete, name="visit_incomplete"),
    path("visits/<uuid:visit_id>/lines/", visits.visit_line, name="visit_line"),
    path("visits/<uuid:visit_id>/lines/<uuid:line_id>/reversal/", visits.visit_line_back, name="visit_line_back"),
    path("visits/<uuid:visit_id>/parts/", visits.visit_parts, name="visit_parts"),
    path("visits/<uuid:visit_id>/photos/", visits.visit_photo, name="visit_photo"),
    path("visits/<uuid:visit_id>/phone/", visits.visit_phone, name="visit_phone"),
    path("orders/<uuid:order_id>/signature/", signing.sign, name="sign"),
    path("orders/<uuid:order_id>/signature-refusal/", signing.sign_refused, name="sign_refused"),
    path("orders/<uuid:order_id>/field-hand-in/", signing.field_hand_in, name="field_hand_in"),
]
