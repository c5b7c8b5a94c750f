import pytest

from apps.listings import pace


@pytest.fixture(autouse=True)
def _nobody_has_searched():
    pace.forget()
