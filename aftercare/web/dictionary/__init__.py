"""Dictionaries, work types and time limits."""
