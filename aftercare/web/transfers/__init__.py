"""Goods between own stores."""
