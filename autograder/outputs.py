"""Outputs of a run, checked and capped: a child's claim in, valid nbformat outputs out.

Only form and size are looked at here; what may be *shown* is decided where it is shown.
"""

import base64
import binascii
import json
import math
from collections.abc import Mapping
from typing import Any

Output = dict[str, Any]
MAX_OUTPUTS = 200
TEXTUAL = ("text/plain", "text/html", "text/latex", "text/markdown", "image/svg+xml")
PICTURES = ("image/png", "image/jpeg")


def clean_outputs(claimed: Any, limit: int) -> list[Output]:
    """Valid outputs out of whatever a child sent, at most ``limit`` characters in all; the rest is left out."""
    outputs: list[Output] = []
    for claim in claimed[:MAX_OUTPUTS] if isinstance(claimed, list) else []:
        output = _clean(claim) if isinstance(claim, dict) else None
        if output is None:
            continue
        limit -= len(json.dumps(output))
        if limit < 0:
            return [*outputs, stream("[More output was left out.]\n")]
        outputs.append(output)
    return outputs


def stream(text: str, name: str = "stdout") -> Output:
    return {"output_type": "stream", "name": name, "text": text}


def error(ename: str, evalue: str, traceback: list[str] | None = None) -> Output:
    """An error output; nbgrader scores a grade cell that has one 0."""
    lines = [f"{ename}: {evalue}"] if traceback is None else traceback
    return {"output_type": "error", "ename": ename, "evalue": evalue, "traceback": lines}


def _clean(claim: Mapping[str, Any]) -> Output | None:
    match claim:
        case {"output_type": "stream", "name": "stdout" | "stderr" as name, "text": str(text)}:
            return stream(_text(text), name)
        case {"output_type": "error", "ename": str(ename), "evalue": str(evalue), "traceback": list(lines)}:
            return error(_text(ename), _text(evalue), [_text(line) for line in lines if isinstance(line, str)])
        case {"output_type": "display_data", "data": dict(data)}:
            return {"output_type": "display_data", "data": _bundle(data), "metadata": {}}
        case {"output_type": "execute_result", "data": dict(data), "execution_count": int(count)}:
            bundle = _bundle(data)
            return {"output_type": "execute_result", "data": bundle, "metadata": {}, "execution_count": abs(count)}
    return None


def _bundle(data: Mapping[str, Any]) -> dict[str, str]:
    """The MIME types known here; ``text/plain`` is always there (nbgrader reads it)."""
    text = {kind: _text(data[kind]) for kind in TEXTUAL if isinstance(data.get(kind), str)}
    pictures = {kind: data[kind] for kind in PICTURES if _is_base64(data.get(kind))}
    return {"text/plain": "(no text)"} | text | pictures


def _is_base64(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(base64.b64decode(value.replace("\n", ""), validate=True))
    except (ValueError, binascii.Error):
        return False


def _text(text: str) -> str:
    """Text that any file can hold: without half characters."""
    return text.encode("utf-8", "replace").decode("utf-8")


def partial_credit(outputs: list[Output], points: float) -> float | None:
    """The points that a classic test cell gives by its last value, as nbgrader lets it; None where it gives no number.

    nbgrader takes nan, a negative number or text for full points; here a number is brought into 0 … ``points``, and nan
    is 0.
    """
    results = [output for output in outputs if output["output_type"] == "execute_result"]
    if not results:
        return None
    try:
        value = float(results[-1]["data"]["text/plain"])
    except ValueError:
        return None
    return 0.0 if math.isnan(value) else min(max(value, 0.0), points)
