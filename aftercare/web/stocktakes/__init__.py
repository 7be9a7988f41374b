"""Stocktakes: planned, counted blind on a telephone or on paper, looked over and booked by another person."""
