"""Monthly statements of engineers and the lines they are made of."""
