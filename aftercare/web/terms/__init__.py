"""Warranty terms."""
