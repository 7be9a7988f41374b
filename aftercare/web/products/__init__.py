"""Categories and products: registers and forms."""
