"""What a keeper hands out: parts promised to orders, order by order."""
