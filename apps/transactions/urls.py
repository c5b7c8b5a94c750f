"""Asking to buy, the deal's page, one route a step, the review."""

from django.urls import path

from . import flow, views

app_name = "transactions"
urlpatterns = [
    path("purchase-request/<int:listing_id>/create/", views.create, name="create"),
    path("purchase-request/<int:pk>/", views.detail, name="detail"),
    *(
        path(f"purchase-request/<int:pk>/{step}/", views.step, {"step": step}, name=step)
        for step in map(str, flow.RULES)
        if step != flow.Step.CREATE
    ),
    path("review/<int:pk>/create/", views.review, name="review"),
]
