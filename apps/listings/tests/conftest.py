import pytest

from apps.listings import pace


@pytest.fixture(autouse=True)
def _nobody_has_searched():
    pace.forget()


@pytest.fixture
def edited():
    return {"title": "Щит", "description": "Крепкий", "price": "5", "status": "active"}
