"""The headline figures: how far off predictions are, and of which projects that is said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from ml.dataset import Dataset
from ml.judging.calibration import HIDDEN
from ml.judging.completion import fill_room
from ml.judging.metrics import EVERYTHING, Compared, Estimate, Metric, SiteBootstrap, Stratum
from ml.judging.protocols import ANALYSED_FIRST, PROTOCOL_OF
from ml.oxides import HREE, OXIDES, TOTAL_PCT, FloatArray, oxide_positions
from ml.settings import CHAMPION, Settings
from ml.sight import Sight, own_sights

BESIDE: Final = ("training_mean", "family_mean_shrunk")
"""Models whose errors are set beside the champion's."""

YTTRIUM_HOSTS: Final = "xenotime_yttrium"
"""The host group whose projects are counted apart: much of what minerals give lies in them."""

AS_KNOWN: Final = "grouped_cv_as_known"
"""Folds by site, of each unmeasured project with as much hidden as is not known of it."""

Rows: TypeAlias = npt.NDArray[np.bool_]
Labels: TypeAlias = npt.NDArray[np.object_]
Predicted: TypeAlias = dict[tuple[str, str], FloatArray]
"""Out-of-fold shares by model and protocol, per cent, each of shape (repeats, n, 15)."""


def headline_metrics(dataset: Dataset, predicted: Predicted, settings: Settings) -> list[Metric]:
    """Measure the errors that are published first.

    Args:
        dataset: All projects.
        predicted: Predictions of the measured ones, in their order, of `CHAMPION` and of `BESIDE`.
        settings: Bootstrap draws and seed.

    Returns:
        RMSE, per cent of TREO, of the projects with and without yttrium minerals as hosts, of the mix of
        unmeasured projects, of all that is measured, and of completion by models that only scale a mean.
    """
    headlines = _Headlines(dataset, predicted, settings)
    return [
        *headlines.by_yttrium(),
        *headlines.unmeasured(),
        *headlines.all_measured(),
        *headlines.scaled_means(),
    ]


def ladder(judged: Rows, families: Labels, hosts: Labels, family: object, host: object) -> list[Rows]:
    """Find the measured rows that speak for an unmeasured one, nearest cell first.

    Args:
        judged: Rows that are judged, shape (n,).
        families: Their deposit families, shape (n,), None where unknown.
        hosts: Their host groups, shape (n,), None where unknown.
        family: Family of the unmeasured row, or None.
        host: Its host group, or None.

    Returns:
        Rows of both, of its host group, of its family, and all; what is unknown makes no cell of its own
        but the first.
    """
    is_family, is_host = families == family, hosts == host
    wider = [is_host] if host is not None else []
    wider += [is_family] if family is not None else []
    return [judged & rows for rows in (is_family & is_host, *wider, np.ones_like(judged))]


def nearest_mean_square(bootstrap: SiteBootstrap, errors: FloatArray, cells: list[Rows]) -> FloatArray:
    """Mean square of errors, shape (n, ...), in the first cell that has any.

    Returns:
        Over all sites, then over each resample of them, in which another cell may be the first, shape
        (1 + draws,).
    """
    squares = errors**2
    found = np.full(1 + bootstrap.draws, np.nan)
    for rows in cells:
        own = np.where(rows.reshape(-1, *[1] * (errors.ndim - 1)), squares, np.nan)
        found = np.where(np.isfinite(found), found, bootstrap.means(own))
    return found


class _Headlines:
    """Makes the metrics; see `headline_metrics`."""

    def __init__(self, dataset: Dataset, predicted: Predicted, settings: Settings) -> None:
        self.measured = dataset.rows(dataset.is_measured)
        self.asked = dataset.rows(~dataset.is_measured)
        self.sights = own_sights(dataset)[~dataset.is_measured]
        self.predicted = predicted
        self.bootstrap = SiteBootstrap(self.measured.site_ids, settings.bootstrap_draws, settings.seed)
        self.hosts = self.measured.features["host_group"].to_numpy(dtype=object)

    def errors(self, name: str, protocol: str, shares: FloatArray) -> FloatArray:
        """Predicted minus published, shape (n, repeats, 15)."""
        return np.moveaxis(self.predicted[name, protocol] - shares, 0, 1)

    @property
    def judged(self) -> FloatArray:
        """Published shares that are judged, shape (n, 15): NaN in rows that models do not learn from."""
        return np.where(self.measured.is_trainable[:, None], self.measured.shares, np.nan)

    def by_yttrium(self) -> Iterator[Metric]:
        """Yield errors with and without yttrium minerals as hosts, and where what minerals give lies."""
        shown, hidden = PROTOCOL_OF["as_is"], PROTOCOL_OF["minerals_hidden"]
        is_yttrium = self.hosts == YTTRIUM_HOSTS
        own, others = (self.errors(CHAMPION, protocol, self.judged) for protocol in (shown, hidden))
        gained = np.nansum(others**2 - own**2, axis=(1, 2))
        for name, rows in {"yttrium": is_yttrium, "others": ~is_yttrium}.items():
            stratum = Stratum("yttrium_hosts", name)
            for model, protocol in (
                (CHAMPION, shown),
                *((other, shown) for other in BESIDE),
                (CHAMPION, hidden),
            ):
                errors = _only(rows, self.errors(model, protocol, self.judged))
                yield from _metric(model, protocol, "rmse_pct", self.bootstrap.rmse(errors), stratum)
            gap = self.bootstrap.rmse_difference(_only(rows, own), _only(rows, others))
            compared = Compared(CHAMPION, hidden)
            yield from _metric(CHAMPION, shown, "rmse_difference_pct", gap, stratum, compared)
            share = Estimate(100.0 * gained[rows].sum() / gained.sum(), None, gap.projects, gap.sites)
            yield from _metric(CHAMPION, shown, "gain_share_pct", share, stratum)

    def unmeasured(self) -> Iterator[Metric]:
        """Yield the errors to expect of a random unmeasured project, of all and of each family."""
        families = self.asked.families
        parts = {"mix": np.ones(len(self.asked), dtype=np.bool_)}
        parts |= {name or "unknown": families == name for name in dict.fromkeys(families)}
        for protocol in (PROTOCOL_OF["as_is"], AS_KNOWN):
            for name, rows in parts.items():
                stratum = Stratum("unmeasured", name)
                for model in (CHAMPION, *BESIDE):
                    expected, wider = self._expected(model, protocol, np.flatnonzero(rows))
                    yield from _metric(model, protocol, "rmse_pct", expected, stratum)
                weight = Estimate(wider, None, expected.projects, expected.sites)
                yield from _metric(CHAMPION, protocol, "wider_cells_pct", weight, stratum)

    def _expected(self, model: str, protocol: str, asked: npt.NDArray[np.intp]) -> tuple[Estimate, float]:
        """RMSE over unmeasured rows by the errors of their cells, and how many per cent need a wider cell."""
        total, used = np.zeros(1 + self.bootstrap.draws), np.zeros(len(self.measured), dtype=np.bool_)
        wider = 0
        made: dict[tuple[object, ...], tuple[FloatArray, list[Rows]]] = {}
        for row in asked:
            family, host, judged_by = self._cell(row, protocol)
            key = family, host, judged_by
            if key not in made:
                hosts = np.full_like(self.hosts, None) if _hides_host(judged_by) else self.hosts
                cells = ladder(self.measured.is_trainable, self.measured.families, hosts, family, host)
                errors = self.errors(model, judged_by, self.judged)
                made[key] = nearest_mean_square(self.bootstrap, errors, cells), cells
            squares, cells = made[key]
            total += squares
            used |= next((rows for rows in cells if rows.any()), cells[-1])
            wider += not cells[0].any()
        expected = np.sqrt(total / max(1, len(asked)))
        sites = len(set(self.measured.site_ids[used]))
        error = float(expected[1:].std(ddof=1)) if sites > 1 else None
        return Estimate(float(expected[0]), error, int(used.sum()), sites), 100.0 * wider / max(1, len(asked))

    def _cell(self, row: np.intp, protocol: str) -> tuple[object, object, str]:
        """Family and host group of an unmeasured row as it is asked for, and the protocol that judges it."""
        family = self.asked.families[row]
        host = self.asked.features["host_group"].iloc[row]
        if protocol != AS_KNOWN:
            return family, host, protocol
        unknown = Sight.BOTH & ~Sight(int(self.sights[row]))
        (variant,) = [name for name, what in HIDDEN.items() if what == unknown]
        return family, None if Sight.HOST in unknown else host, PROTOCOL_OF[variant]

    def all_measured(self) -> Iterator[Metric]:
        """Yield the errors over all that is measured, what models do not learn from among it."""
        protocol = PROTOCOL_OF["as_is"]
        for model in (CHAMPION, *BESIDE):
            errors = self.errors(model, protocol, self.measured.shares)
            stratum = Stratum("measured", "learned_from_or_not")
            yield from _metric(model, protocol, "rmse_pct", self.bootstrap.rmse(errors), stratum)

    def scaled_means(self) -> Iterator[Metric]:
        """Yield the errors of completing by a mean that is scaled to what is known."""
        stored = self.measured.stored_shares
        known = np.isin(np.arange(len(OXIDES)), oxide_positions(ANALYSED_FIRST))
        for model in BESIDE:
            repeats = self.predicted[model, PROTOCOL_OF["as_is"]]
            given = np.where(known, stored, np.nan)
            filled = np.stack([fill_room(given, shares) for shares in repeats])
            cases = {
                "grouped_cv_hree_known": (scaled_to_hree(repeats, stored), self.judged),
                "grouped_cv_la_ce_nd_y_known": (filled, np.where(known, np.nan, self.judged)),
            }
            for protocol, (completed, shares) in cases.items():
                errors = np.moveaxis(completed - shares, 0, 1)
                yield from _metric(model, protocol, "rmse_pct", self.bootstrap.rmse(errors))


def scaled_to_hree(predicted_pct: FloatArray, stored_pct: FloatArray) -> FloatArray:
    """Scale the heavy oxides to their published sum, and the light ones to the rest of 100.

    Args:
        predicted_pct: Predictions, shape (..., n, 15), per cent.
        stored_pct: Published shares, shape (n, 15), per cent.
    """
    heavy = np.isin(np.arange(len(OXIDES)), oxide_positions(HREE))
    wanted = np.clip(stored_pct[:, heavy].sum(axis=1, keepdims=True), 0.0, TOTAL_PCT)
    heavy_sum = predicted_pct[..., heavy].sum(axis=-1, keepdims=True)
    light_sum = predicted_pct[..., ~heavy].sum(axis=-1, keepdims=True)
    scale = np.where(heavy, wanted / heavy_sum, (TOTAL_PCT - wanted) / light_sum)
    scaled: FloatArray = predicted_pct * scale
    return scaled


def _hides_host(protocol: str) -> bool:
    return any(protocol == PROTOCOL_OF[name] for name, what in HIDDEN.items() if Sight.HOST in what)


def _only(rows: Rows, errors: FloatArray) -> FloatArray:
    """Errors, shape (n, repeats, 15), with NaN elsewhere than in some rows."""
    return np.where(rows[:, None, None], errors, np.nan)


def _metric(
    name: str,
    protocol: str,
    metric: str,
    estimate: Estimate,
    stratum: Stratum = EVERYTHING,
    compared: Compared | None = None,
) -> Iterator[Metric]:
    """Yield a metric over all oxides; none where no project can be measured."""
    if np.isfinite(estimate.value):
        yield Metric(
            name,
            protocol,
            metric,
            "all",
            estimate.value,
            estimate.standard_error,
            stratum,
            compared=compared,
            projects=estimate.projects,
            sites=estimate.sites,
        )
