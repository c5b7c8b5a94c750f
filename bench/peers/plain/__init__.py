"""The list of listings as most Django sites have it, over LootLink's own tables."""
