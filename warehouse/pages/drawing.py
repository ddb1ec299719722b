"""Charts as pictures."""

from __future__ import annotations

from typing import Any

import vl_convert


def svg(chart: Any) -> str:
    """Draw an Altair chart as SVG text, without a browser."""
    return str(vl_convert.vegalite_to_svg(chart.to_dict()))
