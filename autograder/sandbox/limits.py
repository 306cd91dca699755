"""What one submission may use."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Limits on one submission, in seconds of wall-clock time and bytes.

    ``memory`` counts from what the warm interpreter already holds. An endless loop in a function costs
    ``criterion_seconds`` for the criterion it was met in, and ``function_seconds`` for all criteria of the function.
    """

    cell_seconds: float = 20.0
    notebook_seconds: float = 60.0
    criterion_seconds: float = 5.0
    function_seconds: float = 10.0
    memory: int = 2 * 2**30
    processes: int = 64
    file_bytes: int = 16 * 2**20
    scratch_bytes: int = 64 * 2**20
    output_bytes: int = 2 * 2**20
