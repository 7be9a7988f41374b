"""Units: list, file with warranty and history, edit, QR label."""
