"""The engineer's telephone pages: today, the job at hand, his van, his month, a scanned unit."""
