"""`python -m bench.chat.crowd 25`: pairs of traders with a talk in the database of DATABASE_URL, as JSON."""

import json
import sys

import django

django.setup()

from apps.chat.drafts import Draft  # noqa: E402
from apps.chat.models import Conversation  # noqa: E402
from drills import people  # noqa: E402

# What they have said before: to find something in a table that is empty PostgreSQL plans to read the whole of it, and keeps
# to that until it has looked again.
SAID = 40

crowd, talks = people.pairs(int(sys.argv[1]))
for talk in talks:
    Conversation.post_many([Draft(talk.id, (talk.one, talk.other)[number % 2], f"Раньше {number}") for number in range(SAID)])
keys = {person.id: person.session for person in crowd}
print(json.dumps([(talk.id, (talk.one, keys[talk.one]), (talk.other, keys[talk.other])) for talk in talks]))
