"""As the tutorial has it; `daphne bench.peers.tutorial.asgi:application`."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.peers.tutorial.settings"

from django.core.asgi import get_asgi_application  # noqa: E402

pages = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path  # noqa: E402

from .consumers import ChatConsumer  # noqa: E402

urlpatterns = []
sockets = [path("ws/chat/<int:conversation>/", ChatConsumer.as_asgi())]
application = ProtocolTypeRouter({"http": pages, "websocket": URLRouter(sockets)})
