"""The demo market's deals, talks and reviews: a year of trade played out in memory, then written down."""
