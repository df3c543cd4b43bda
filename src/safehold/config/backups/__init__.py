"""Backups of both stores: made whole or not at all, and checked before anything is replaced."""
