"""Temperatures that the kernel tells: thermal zones, hwmon sensors, and Edge TPU boards on PCIe."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional

SYS = Path("/sys")


def milli_celsius(file: Path) -> Optional[float]:
    """A sensor that is asleep or gone answers with an error or nonsense: None."""
    try:
        celsius = int(file.read_text().strip()) / 1000
    except (OSError, ValueError):
        return None
    return celsius if -60 <= celsius <= 200 else None


def text_of(file: Path, otherwise: str) -> str:
    try:
        return file.read_text().strip() or otherwise
    except OSError:
        return otherwise


def kernel_temperatures(sys: Path = SYS) -> List[Dict[str, Any]]:
    """[{sensor, celsius}], one a sensor that gives a value. Containers need /sys of the host, which Docker gives read-only."""
    found: List[Dict[str, Any]] = []

    def add(sensor: str, file: Path) -> None:
        celsius = milli_celsius(file)
        if celsius is not None:
            found.append({"sensor": sensor, "celsius": celsius})

    for zone in sorted(sys.glob("class/thermal/thermal_zone*")):
        add(text_of(zone / "type", zone.name), zone / "temp")
    for chip in sorted(sys.glob("class/hwmon/hwmon*")):
        name = text_of(chip / "name", chip.name)
        for file in sorted(chip.glob("temp*_input")):
            label = text_of(chip / file.name.replace("_input", "_label"), file.name.split("_")[0])
            add(f"{name} {label}", file)
    for board in sorted(sys.glob("class/apex/apex_*")):
        add(f"edge tpu {board.name}", board / "temp")
    return found
