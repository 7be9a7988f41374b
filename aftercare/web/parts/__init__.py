"""Parts: register, file with its prices, forms."""
