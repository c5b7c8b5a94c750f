"""The demo market's goods: names written down, pictures drawn on the spot, nothing fetched."""
