"""How random tests draw: the same examples in ``make test``, fresh ones in ``make soak``."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

#: A loaded machine is no fault of what is tested.
_PATIENT = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)

#: Forty examples reach whatever a hundred do: make soak draws a hundred at each seed.
settings.register_profile(
    "fixed",
    max_examples=40,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=_PATIENT,
)
settings.register_profile(
    "soak", derandomize=False, deadline=None, print_blob=True, suppress_health_check=_PATIENT
)
