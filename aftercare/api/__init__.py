"""The REST door: turns an HTTP request into one call of a room or flow, and the answer into JSON."""
