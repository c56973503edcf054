"""Files as their makers ship them, in form; every word of them is invented."""
