from hypothesis import HealthCheck, settings

# A busy machine must not fail a property; the tests of speed measure processor time themselves.
settings.register_profile(
    "verifiers", deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("verifiers")
