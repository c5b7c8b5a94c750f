"""Backups: one encrypted file with the database and the pictures, and the way back."""


class Unusable(Exception):
    """Why a backup can't be made or put back, in a sentence for the operator."""
