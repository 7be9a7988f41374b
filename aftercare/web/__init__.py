"""The door for browsers: staff pages, engineers' telephone pages and the customer portal."""
