"""The site with its demo data, a newcomer and a moderator, for as long as it is looked at."""

import contextlib
import subprocess
import sys
import tempfile

from apps.listings.demo.people import PASSWORD
from tests.gallery.screens import BUYER, LONG, NEW, STAFF
from tests.workers import ROOT, Worker

PEOPLE = f"""
from django.contrib.auth import get_user_model
from apps.chat.models import Conversation
from apps.listings.models import Game, Listing
from apps.transactions import flow
users = get_user_model().objects
users.create_user("{NEW}", "new@example.com", "{PASSWORD}")
users.create_superuser("{STAFF}", "staff@example.com", "{PASSWORD}")
buyer, seller = users.get(username="{BUYER}"), users.get(username="{LONG}")
title = "Полное собрание легендарных доспехов Бессмертного короля с гравировкой " * 3
listing = Listing.objects.create(
    seller=seller, game=Game.objects.order_by("-name").first(), title=title[:200], price="9999999.99",
    description="Оченьдлинноесловобезпробелов" * 40 + " и ещё несколько слов. " * 150,
)
deal = flow.create(listing.pk, buyer, "Беру, если в комплекте и шлем. " * 40)
flow.advance(deal.pk, "accept", seller)
talk = Conversation.objects.get(listing=listing)
for n in range(120):
    talk.post(seller.pk, "Ещёодноневероятнодлинноеслово" * 12 if n == 118 else f"Строка номер {{n}}. " * (n % 7 + 1))
talk.post(seller.pk, "Предоплата вот тут: https://сбеrбанк.example/oplata?sdelka=1284")
Listing.objects.create(
    seller=seller, game=listing.game, title="Карта сокровищ", price="150.00",
    description="Как по ней идти: https://wiki.example/maps/treasure-island#north",
)
"""
BARE = "from django.template.loader import render_to_string; print(render_to_string('{}.html'))"


@contextlib.contextmanager
def site():
    """Yields its address, and what draws the pages that need no request: `bare(500)` is HTML."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "SECRET_KEY": "only-for-pictures-only-for-pictures-only-for-pictures",
            "MEDIA_ROOT": f"{folder}/media",
            "LOOTLINK_RATE_LIMITS": "false",
            "REDIS_URL": "",
        }
        worker = Worker(f"sqlite:///{folder}/gallery.sqlite3", environment)

        def manage(*arguments):
            command = [sys.executable, "manage.py", *arguments]
            return subprocess.run(command, cwd=ROOT, env=worker.environment, check=True, stdout=subprocess.PIPE, text=True).stdout

        manage("prepare", "--demo")
        manage("shell", "-v", "0", "-c", PEOPLE)
        worker.start()
        try:
            yield worker.url, lambda code: manage("shell", "-v", "0", "-c", BARE.format(code))
        finally:
            worker.stop()
            worker.listener.close()
