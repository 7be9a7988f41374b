"""Suppliers, their prices, and the rules of buying."""
