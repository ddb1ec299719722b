"""Learning curve: the error of champion, family mean and training mean against measured sites.

Too long for every build; reads the published file and writes docs/figures/learning_curve.svg.
"""

from __future__ import annotations

from dataclasses import replace

import altair as alt
import numpy as np
import pandas as pd
import sqlalchemy as sa
from rich.console import Console
from rich.table import Table
from sqlalchemy.pool import NullPool

from ml.folds import grouped_folds
from ml.league import league
from ml.learners import Bench
from ml.metrics import SiteBootstrap
from ml.pipeline import read_dataset
from ml.settings import CHAMPION, Settings
from warehouse.paths import DEFAULT_OUTPUT, PROJECT_ROOT, published_file

SIZES = (20, 30, 40, 50)
REPEATS = 3
MODELS = ("training_mean", "family_mean_shrunk", CHAMPION)


def learning_curve() -> pd.DataFrame:
    """Train on ever more sites of the same training folds; test on the same test folds."""
    engine = sa.create_engine(f"duckdb:///{published_file(DEFAULT_OUTPUT)}", poolclass=NullPool)
    dataset = read_dataset(engine)
    measured = dataset.rows(dataset.is_measured)
    settings = replace(Settings(), min_training_sites=min(SIZES))
    bench, contenders = Bench(measured, settings), league(settings)
    bootstrap = SiteBootstrap(measured.site_ids, settings.bootstrap_draws, settings.seed)
    repeats = grouped_folds(measured.site_ids, settings.folds, REPEATS, settings.seed)
    rows = []
    for size in SIZES:
        folds = [(_thinned(measured.site_ids, train, size), test) for own in repeats for train, test in own]
        for name in MODELS:
            predicted = np.empty((REPEATS, *measured.shares.shape))
            for number, shares in enumerate(bench.predict_with(contenders[name], folds)):
                predicted[number // settings.folds, folds[number][1]] = shares
            estimate = bootstrap.rmse(np.moveaxis(predicted - measured.shares, 0, 1))
            rows.append((size, name, estimate.value, estimate.standard_error))
    return pd.DataFrame(rows, columns=["sites", "model", "rmse_pct", "standard_error"])


def _thinned(site_ids: np.ndarray, train: np.ndarray, sites: int) -> np.ndarray:
    """Keep the training rows of some sites, drawn at random but nested from size to size."""
    names = np.unique(site_ids[train].astype(str))
    kept = np.random.default_rng(0).permutation(names)[:sites]
    return train[np.isin(site_ids[train].astype(str), kept)]


def main() -> None:
    """Print the curve and draw it."""
    curve = learning_curve()
    table = Table(title=f"RMSE, % of TREO, {REPEATS} x 5 folds by site, by sites trained on")
    for column in curve.columns:
        table.add_column(column)
    for row in curve.itertuples(index=False):
        table.add_row(str(row[0]), row[1], f"{row[2]:.2f}", f"{row[3]:.2f}")
    Console().print(table)
    chart = (
        alt.Chart(curve)
        .mark_line(point=True)
        .encode(
            x=alt.X("sites:Q", title="measured sites trained on", scale=alt.Scale(zero=False)),
            y=alt.Y("rmse_pct:Q", title="RMSE, % of TREO", scale=alt.Scale(zero=False)),
            color="model:N",
        )
    )
    chart.save(PROJECT_ROOT / "docs" / "figures" / "learning_curve.svg")


if __name__ == "__main__":
    main()
