"""Ground floor: lifecycle, access, money, quantity, clock, numbering, refusals. It knows no business noun."""
