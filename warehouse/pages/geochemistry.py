"""Geochemists' ways of reading a composition, shared by the model card and the report."""

from __future__ import annotations

import pandas as pd


def chondrite_ratio(shares: pd.DataFrame, column: str) -> pd.Series[float]:
    """Normalise oxide shares to CI chondrite, as element over element.

    The composition is that of the rare-earth oxides alone, not of the ore: ratios compare elements within
    a project, and their height says nothing of its grade.

    Args:
        shares: Rows with ``column`` (oxide, % of TREO) and, of ``marts.dim_oxides``,
            ``oxide_to_element_factor`` (g/g) and ``chondrite_ppm`` (mg/kg; McDonough and Sun 1995,
            doi:10.1016/0009-2541(94)00140-4).
        column: Column with the shares.

    Returns:
        Element in the rare-earth oxides over element in chondrite (ratio), aligned with ``shares``.
    """
    element_ppm = shares[column] * 1e4 / shares["oxide_to_element_factor"]
    return element_ppm / shares["chondrite_ppm"]
