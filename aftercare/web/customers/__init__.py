"""Customers: list, file, edit."""
