"""One drill of deals in a process and on a database of its own: `python -m drills.deals.apart NAME '{"seed": 1}'` prints JSON."""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lootlink.settings")
django.setup()

import logging  # noqa: E402

from django.core.management import call_command  # noqa: E402

from drills.deals.runs import RUNS  # noqa: E402


def main() -> None:
    logging.disable(logging.ERROR)
    call_command("migrate", verbosity=0)
    name, arguments = sys.argv[1:]
    print(json.dumps(RUNS[name](**json.loads(arguments)), ensure_ascii=False))


if __name__ == "__main__":
    main()
