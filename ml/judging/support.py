"""How many measured sites a prediction rests on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.dataset import AMOUNT_COLUMNS, Dataset
from ml.settings import Settings

SiteCounts = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Support:
    """Measured sites other than the row's own that are like it.

    Attributes:
        family: Sites of its deposit family, shape (n,); 0 where that is unknown.
        host: Sites of its host group, shape (n,).
        both: Sites of its family and its host group, shape (n,).
        has_host: Whether its host group is known, shape (n,), bool.
        has_both: Whether family and host group are known, shape (n,), bool.
    """

    family: SiteCounts
    host: SiteCounts
    both: SiteCounts
    has_host: npt.NDArray[np.bool_]
    has_both: npt.NDArray[np.bool_]


def support(dataset: Dataset) -> Support:
    """Count the sites that each row of a dataset rests on."""
    families, hosts = dataset.families, dataset.features["host_group"].to_numpy(dtype=object)
    pairs = np.array([f"{family}/{host}" for family, host in zip(families, hosts, strict=True)], dtype=object)
    has_family = np.array([family is not None for family in families], dtype=np.bool_)
    has_host = np.array([host is not None for host in hosts], dtype=np.bool_)
    return Support(
        _sites(dataset, families, has_family),
        _sites(dataset, hosts, has_host),
        _sites(dataset, pairs, has_family & has_host),
        has_host,
        has_family & has_host,
    )


def _sites(dataset: Dataset, labels: npt.NDArray[np.object_], has_label: npt.NDArray[np.bool_]) -> SiteCounts:
    """Count measured sites of each row's label, without its own site, shape (n,)."""
    found: dict[object, set[object]] = {}
    for row in np.flatnonzero(dataset.is_trainable & has_label):
        found.setdefault(labels[row], set()).add(dataset.site_ids[row])
    counts = np.zeros(len(dataset), dtype=np.intp)
    for row in np.flatnonzero(has_label):
        counts[row] = len(found.get(labels[row], set()) - {dataset.site_ids[row]})
    return counts


def is_far(dataset: Dataset, settings: Settings) -> npt.NDArray[np.bool_]:
    """Whether the deposit family of each row is unknown or rare, shape (n,), bool.

    Such rows get the errors made on families that nothing was trained on.
    """
    rare: npt.NDArray[np.bool_] = support(dataset).family < settings.extrapolation_sites
    return rare


def extrapolates(dataset: Dataset, settings: Settings) -> npt.NDArray[np.bool_]:
    """Flag the projects whose prediction rests on few measured sites.

    The rule: fewer than `settings.extrapolation_sites` measured sites are of its deposit family (an unknown
    one has none) or of its host group; or fewer than `settings.extrapolation_pair_sites` are of both; or a
    stated grade or resource is outside the range of the measured projects. An unknown host is not a reason:
    models that see none predict such a project, and its interval is made of their errors. Its own site does
    not count.

    Args:
        dataset: All projects.
        settings: Holds the numbers of sites.

    Returns:
        Flags, shape (n,), bool.
    """
    counts = support(dataset)
    flags = counts.family < settings.extrapolation_sites
    flags |= counts.has_host & (counts.host < settings.extrapolation_sites)
    flags |= counts.has_both & (counts.both < settings.extrapolation_pair_sites)
    amounts = dataset.features[list(AMOUNT_COLUMNS)].to_numpy(dtype=np.float64)
    flags[~dataset.is_measured] |= _is_outside(amounts[~dataset.is_measured], amounts[dataset.is_trainable])
    for row in np.flatnonzero(dataset.is_measured):
        others = dataset.is_trainable & (dataset.site_ids != dataset.site_ids[row])
        flags[row] |= _is_outside(amounts[row : row + 1], amounts[others])[0]
    return np.asarray(flags, dtype=np.bool_)


def _is_outside(asked: npt.NDArray[np.float64], known: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Whether an amount of each row is outside the range of the known ones, shape (q,), bool."""
    low = np.nanmin(known, axis=0, initial=np.inf)
    high = np.nanmax(known, axis=0, initial=-np.inf)
    outside: npt.NDArray[np.bool_] = (np.isfinite(asked) & ((asked < low) | (asked > high))).any(axis=1)
    return outside
