"""Work orders on pages: register, document, moves, lines, print sheets."""
