"""What the wires of the teleprinter age have in common: framing, character sets, and signals that are words."""
