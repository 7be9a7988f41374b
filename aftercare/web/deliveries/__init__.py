"""Background work: deliveries that wait, run or are dead, and the periodic jobs."""
