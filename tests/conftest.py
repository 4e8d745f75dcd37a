"""What all tests share: hypothesis without a deadline, as a loaded machine is no failure of the code."""

from hypothesis import settings

settings.register_profile("dlrun", deadline=None)
settings.load_profile("dlrun")
