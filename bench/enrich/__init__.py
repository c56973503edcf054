"""How fast enrichment is, what it needs, and where its time goes, beside ``en_core_web_sm``."""
