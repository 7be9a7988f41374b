"""Fee schedule, prices of parts, and the public price list."""
