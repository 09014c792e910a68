from hypothesis import settings

# A busy machine must not fail a property; the tests of speed measure processor time themselves.
settings.register_profile("verifiers", deadline=None, max_examples=100)
settings.load_profile("verifiers")
