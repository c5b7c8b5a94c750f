"""Three pages."""

from django.urls import path

from . import views

urlpatterns = [path("", views.home), path("naive/", views.naive), path("empty/", views.empty)]
