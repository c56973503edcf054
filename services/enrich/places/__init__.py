"""Places: the gazetteer file, finding its names in a text, deciding which of them a name means."""
