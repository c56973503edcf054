"""How good enrichment is: names, places, dates and events against gold sets, beside ``en_core_web_sm``."""
