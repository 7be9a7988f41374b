"""Calls after the service: queue, page, answer."""
