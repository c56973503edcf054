"""How long an example of Hypothesis takes is the business of the machine, which may be busy: no test fails of it."""

from hypothesis import settings

settings.register_profile("newswire", deadline=None)
settings.load_profile("newswire")
