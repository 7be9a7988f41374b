"""Parts sold at the counter, ordered for customers, supplied."""
