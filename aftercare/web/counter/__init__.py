"""The counter: a thing that is ready goes back against its receipt and the money."""
