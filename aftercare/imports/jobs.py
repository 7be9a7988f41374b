"""Imports as long jobs of the worker."""
