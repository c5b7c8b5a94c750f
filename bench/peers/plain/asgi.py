"""As `startproject` has it."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.peers.plain.settings"

from django.core.asgi import get_asgi_application  # noqa: E402

application = get_asgi_application()
