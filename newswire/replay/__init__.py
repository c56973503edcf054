"""Articles sent again through a stage: from the topic that the stage reads, into the same topic.

``job`` is what a replay remembers, ``selection`` which articles it takes, ``run`` the
work itself.
"""
