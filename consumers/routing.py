"""The one socket of a tab; whoever asks for a socket anywhere else is refused as from a foreign origin."""

from django.urls import path, re_path

from lootlink import trace

from .socket import application


async def nowhere(scope, receive, send):
    await receive()  # websocket.connect
    await send({"type": "websocket.close"})


websocket_urlpatterns = [path("ws/", trace.socket(application)), re_path("", nowhere)]
