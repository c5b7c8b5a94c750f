"""The drills of deals: races, small worlds, a state machine, mutants. rows.py is what make drill prints."""
