"""Pairs of people who write to each other, on LootLink and on its peers."""
