"""Labels on paper: what a hand scanner reads again. `sheets` draws any label; a subject only says what stands on its own."""
