"""What breaks a real site, done on purpose to one of our own: `make drill`. Figures come from clients' logs and the tables."""
