"""As `startproject` and the tutorial leave them, on PostgreSQL and Redis."""

import os

import environ

SECRET_KEY = "the-tutorial"
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["daphne", "bench.peers.tutorial", "channels"]
ASGI_APPLICATION = "bench.peers.tutorial.asgi.application"
ROOT_URLCONF = "bench.peers.tutorial.asgi"
DATABASES = {"default": environ.Env.db_url_config(os.environ["DATABASE_URL"])}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        # The prefix keeps it apart from its neighbours on this Redis.
        "CONFIG": {"hosts": [os.environ["REDIS_URL"]], "prefix": os.environ["REDIS_PREFIX"]},
    }
}
