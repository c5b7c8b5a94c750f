"""F28: a drill of what the site does not have yet."""

from .row import NotRun, Outcome, Scale, drill


@drill("F28", "Backup, wipe, restore", "invariants hold, clients with higher cursors get `reset`, RTO < 15 min")
def f28(stage, scale: Scale) -> Outcome:
    raise NotRun("there is no command for backups yet")
