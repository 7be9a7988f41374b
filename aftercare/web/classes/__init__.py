"""Classes of parts by usage, what lies idle, and how fast stock turns over."""
