"""The dispatch board: pool, engineers' lanes, assignment by drag, click and keyboard."""
