"""Erasing a person: two persons decide, the key is destroyed, and what follows from it."""
