"""What tests of the law share."""

from hypothesis import settings

# The first question to a rulebook reads its law: a slow machine is no fault of what is tested.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
