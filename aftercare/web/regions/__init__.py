"""Regions: the official divisions, urban or not, and who serves them."""
