"""The one socket of a tab."""

from django.urls import path

from .socket import application

websocket_urlpatterns = [path("ws/", application)]
