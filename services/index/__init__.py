"""Index: what goes in comes out; what cannot be written is kept with its reason."""
