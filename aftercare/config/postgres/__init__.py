"""PostgreSQL through the pool, with connections dropped that a failover has left behind."""
