"""`python -m bench.chat.crowd 25`: pairs of traders with a talk in the database of DATABASE_URL, as JSON."""

import json
import sys

import django

django.setup()

from drills import people  # noqa: E402

crowd, talks = people.pairs(int(sys.argv[1]))
keys = {person.id: person.session for person in crowd}
print(json.dumps([(talk.id, (talk.one, keys[talk.one]), (talk.other, keys[talk.other])) for talk in talks]))
