"""Roles: what each may do and how far, as a list, a file and one table of all."""
