"""Customers' things in our hands: register, page, printed receipts."""
