"""What the rules know by heart: countries, regions, organisations, people, words.

The knowledge is in ``data/`` (tab-separated, one header line); the modules here read
it and say what its columns mean. ``tests/unit/enrich/lexicon`` and
``tests/unit/enrich/entities/test_lexicon.py`` check the files.
"""
