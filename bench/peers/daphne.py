"""Stock daphne on a port: `python -m bench.peers.daphne 8000 module:application`; says when it listens."""

import os
import sys

from daphne.server import Server
from django.utils.module_loading import import_string

port, application = sys.argv[1], sys.argv[2].replace(":", ".")
Server(
    import_string(application),
    endpoints=[f"tcp:port={port}:interface=127.0.0.1"],
    ready_callable=lambda: print("listening", os.getpid(), flush=True),
    verbosity=0,
).run()
