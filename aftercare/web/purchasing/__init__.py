"""Buying: requests, proposals, orders, receipts, invoices and returns."""
