"""旧件返还: old parts that come back, from the counter to the factory."""
