"""Each tier's sandbox, started once."""

import os
from collections.abc import Iterator

import pytest

from autograder.sandbox.parent import Sandbox, SandboxError
from autograder.sandbox.table import TIERS
from tests.autograder.notebooks import SHORT


@pytest.fixture(scope="module", params=[tier.name for tier in TIERS])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A sandbox of every tier that works here; a tier that does not is skipped with its reason."""
    try:
        started = Sandbox.start(SHORT, tier=request.param)
    except SandboxError as error:
        if request.param == os.environ.get("REQUIRE_TIER", "plain"):
            raise
        pytest.skip(f"the tier {request.param} does not work here: {error}")
    with started:
        yield started
