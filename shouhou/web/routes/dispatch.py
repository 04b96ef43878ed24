"""The dispatch desk."""

from django.urls import path

from shouhou.web.views import dispatching as views

urlpatterns = [
    path("dispatch/", views.dispatch_queue, name="dispatch_queue"),
    path("orders/<uuid:order_id>/dispatches/", views.dispatch_order, name="dispatch_order"),
    path("dispatch/orders/<uuid:order_id>/work-class/", views.dispatch_class, name="dispatch_class"),
    path("visits/<uuid:visit_id>/withdrawal/", views.withdraw_visit, name="withdraw_visit"),
]
