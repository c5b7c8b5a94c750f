"""How fast, and beside what people would pick instead: `python -m bench`."""
