"""F28 and F30: drills of what the site does not have yet."""

from .row import NotRun, Outcome, Scale, drill


@drill("F28", "Backup, wipe, restore", "invariants hold, clients with higher cursors get `reset`, RTO < 15 min")
def f28(stage, scale: Scale) -> Outcome:
    raise NotRun("there is no command for backups yet")


@drill("F30", "Two releases at once: an old worker and a new one", "0 x 500, sockets of both understand each other")
def f30(stage, scale: Scale) -> Outcome:
    raise NotRun("there is one release only")
