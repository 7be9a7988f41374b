"""Settings, addresses and entry points of the servers."""
