"""What the figures were measured on."""

import os
import platform
from importlib.metadata import version
from pathlib import Path


def description() -> dict[str, str]:
    """Processor, system and versions, for people to judge ratios by."""
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "threads used": "1",
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "torch": version("torch"),
    }


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown"
