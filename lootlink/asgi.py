"""The ASGI application: pages by Django, the socket by consumers/, one hub a process."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lootlink.settings")

import django  # noqa: E402

django.setup(set_prefix=False)  # before anything that needs the app registry

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402

from consumers.hub import hub  # noqa: E402
from consumers.routing import websocket_urlpatterns  # noqa: E402
from lootlink.pages import Pages  # noqa: E402


class Application(ProtocolTypeRouter):
    """Starts the hub on the event loop that serves: daphne has no lifespan to do it in."""

    hub = hub

    async def __call__(self, scope, receive, send):
        hub.start()
        await super().__call__(scope, receive, send)


application = Application({"http": Pages(), "websocket": URLRouter(websocket_urlpatterns)})
