"""From the frames of the marts to the arrays the models learn from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.oxides import OXIDES, FloatArray

Frames: TypeAlias = dict[str, pd.DataFrame]
"""Rows of tables, by the table's name."""

AMOUNT_COLUMNS: tuple[str, ...] = ("grade_treo_wt_pct", "resource_treo_t")

HOST_COLUMNS: tuple[str, ...] = ("host_mineral", "host_group", "mineral_confidence")

COMPOSITION_COLUMNS: Final = (
    "project_id",
    "oxide",
    "share_of_treo_pct",
    "value_status",
    "composition_basis",
)
"""What is read of compositions."""

NOT_OF_ORE: Final = ("mineral", "concentrate")
"""Values of `composition_basis` of analyses that are not of ore."""

PATTERN_DECIMALS: Final = 3
"""Patterns that are equal to so many decimals, in per cent, are one."""

UNKNOWN_FAMILY: Final = "unknown"
"""The family of `marts.dim_deposit_types` that says that the type is not known."""

FEATURE_COLUMNS: tuple[str, ...] = ("deposit_family", "is_tailings", *AMOUNT_COLUMNS, *HOST_COLUMNS)
"""What is known about a project before anybody has analysed it."""

MINERAL_BASES: tuple[str, ...] = ("stated", "inferred", "none")
"""How the principal host mineral behind a prediction is known, `none` where it rests on no mineral."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Projects, what is known about each, and their compositions as far as published.

    Attributes:
        project_ids: Keys in ascending order, shape (n,), object.
        site_ids: Deposit or camp of each project, shape (n,), object, never missing.
        features: One row per project, columns `FEATURE_COLUMNS`, range index. Family is text or
            None, tailings is bool, grade (wt-% TREO) and resource (t TREO) are float64 with NaN.
            Principal host mineral, its group and the confidence in it are text or None together.
        stored_shares: Shares as published, per cent of TREO, shape (n, 15), float64, NaN where
            none is published. A suspect zero is 0 here.
        shares: As `stored_shares` with suspect zeros as NaN: what models learn from and are
            judged by.
        is_measured: Whether all 15 shares are published, shape (n,), bool.
        is_trainable: Which of the measured ones models learn from, shape (n,), bool: analyses of ores, each
            pattern once. Those of one mineral or a concentrate are predicted, and neither taught nor judged.
        reference_codes: The reference study's integer codes of location, continent and deposit
            type, shape (n, 3), float64; None if they are not at hand.
    """

    project_ids: npt.NDArray[np.object_]
    site_ids: npt.NDArray[np.object_]
    features: pd.DataFrame
    stored_shares: FloatArray
    shares: FloatArray
    is_measured: npt.NDArray[np.bool_]
    is_trainable: npt.NDArray[np.bool_]
    reference_codes: FloatArray | None = None

    def __len__(self) -> int:
        """Count the projects."""
        return len(self.project_ids)

    @property
    def families(self) -> npt.NDArray[np.object_]:
        """Deposit family of each project, shape (n,), object, None where unknown."""
        return self.features["deposit_family"].to_numpy(dtype=object)

    @property
    def is_partial(self) -> npt.NDArray[np.bool_]:
        """Whether some, but not all, shares are published, shape (n,), bool."""
        has_any = np.isfinite(self.stored_shares).any(axis=1)
        return has_any & ~self.is_measured

    def rows(self, chosen: npt.NDArray[np.bool_] | npt.NDArray[np.intp]) -> Dataset:
        """Keep the projects where `chosen`, shape (n,), is true, or those at its positions."""
        chosen = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen
        codes = self.reference_codes
        return Dataset(
            project_ids=self.project_ids[chosen],
            site_ids=self.site_ids[chosen],
            features=self.features.iloc[chosen].reset_index(drop=True),
            stored_shares=self.stored_shares[chosen],
            shares=self.shares[chosen],
            is_measured=self.is_measured[chosen],
            is_trainable=self.is_trainable[chosen],
            reference_codes=None if codes is None else codes[chosen],
        )


def stack(first: Dataset, second: Dataset) -> Dataset:
    """Put two datasets below each other."""
    codes = (first.reference_codes, second.reference_codes)
    return Dataset(
        project_ids=np.concatenate([first.project_ids, second.project_ids]),
        site_ids=np.concatenate([first.site_ids, second.site_ids]),
        features=pd.concat([first.features, second.features], ignore_index=True),
        stored_shares=np.vstack([first.stored_shares, second.stored_shares]),
        shares=np.vstack([first.shares, second.shares]),
        is_measured=np.concatenate([first.is_measured, second.is_measured]),
        is_trainable=np.concatenate([first.is_trainable, second.is_trainable]),
        reference_codes=None if codes[0] is None or codes[1] is None else np.vstack([codes[0], codes[1]]),
    )


def build_dataset(
    projects: pd.DataFrame, deposit_types: pd.DataFrame, compositions: pd.DataFrame, minerals: pd.DataFrame
) -> Dataset:
    """Join the four marts into one `Dataset`.

    Args:
        projects: `project_id`, `site_id`, `deposit_type_id`, `resource_treo_t` (t),
            `grade_treo_wt_pct` (wt-%), `has_full_composition`; one row per project.
        deposit_types: `deposit_type_id`, `deposit_family` (None or `UNKNOWN_FAMILY` where unknown),
            `is_tailings`.
        compositions: `project_id`, `oxide`, `share_of_treo_pct`, `value_status`, `composition_basis`; at most
            one row per project and oxide, missing rows mean not reported.
        minerals: `project_id`, `mineral`, `rank`, `mineral_group`, `confidence`; the row of rank 1 is the
            principal host of a project, a project without one is of unknown mineralogy. Lower ranks are
            not used: their order often is no more than that of a list.

    Returns:
        All projects, in ascending order of `project_id`.

    Raises:
        ValueError: If a key is repeated, an oxide or status is unknown, or a project said to have
            a full composition lacks a share.
    """
    ordered = projects.sort_values("project_id").reset_index(drop=True)
    if ordered["project_id"].duplicated().any():
        raise ValueError("projects holds a project_id more than once")
    project_ids = ordered["project_id"].to_numpy(dtype=object)
    site_ids = ordered["site_id"].astype(object)
    stored, trusted = _share_arrays(project_ids, compositions)
    is_measured = ordered["has_full_composition"].fillna(False).to_numpy(dtype=bool)
    is_short = is_measured & ~np.isfinite(stored).all(axis=1)
    if is_short.any():
        raise ValueError(f"no full composition stored for {', '.join(project_ids[is_short])}")
    return Dataset(
        project_ids=project_ids,
        # A project without a site is a site of its own, so that grouping stays possible.
        site_ids=site_ids.where(site_ids.notna(), ordered["project_id"]).to_numpy(dtype=object),
        features=_features(ordered, deposit_types, minerals),
        stored_shares=stored,
        shares=trusted,
        is_measured=is_measured,
        is_trainable=is_measured & _is_of_ore(project_ids, compositions) & _is_first(stored),
    )


def build_sites(sites: pd.DataFrame, deposit_types: pd.DataFrame, minerals: pd.DataFrame) -> Dataset:
    """Put sites that no project is of into the form of a dataset.

    A site of which neither deposit family nor host mineral is known is left out: nothing but the mean of all
    could be said of it.

    Args:
        sites: `site_id`, `deposit_type_id`, `resource_treo_t` (t), `grade_treo_wt_pct` (wt-%); a row each.
        deposit_types: As in `build_dataset`.
        minerals: As in `build_dataset`, with `site_id` for `project_id`.

    Returns:
        The sites in ascending order of `site_id`, which is their `project_ids` too; none of them measured.

    Raises:
        ValueError: If a key is repeated.
    """
    built = build_dataset(
        sites.assign(project_id=sites["site_id"], has_full_composition=False),
        deposit_types,
        pd.DataFrame(
            columns=["project_id", "oxide", "share_of_treo_pct", "value_status", "composition_basis"],
            dtype=object,
        ),
        minerals.rename(columns={"site_id": "project_id"}),
    )
    known = built.features[["deposit_family", "host_group"]].notna().any(axis=1)
    return built.rows(known.to_numpy(dtype=np.bool_))


def _features(projects: pd.DataFrame, deposit_types: pd.DataFrame, minerals: pd.DataFrame) -> pd.DataFrame:
    joined = projects.merge(
        deposit_types[["deposit_type_id", "deposit_family", "is_tailings"]],
        on="deposit_type_id",
        how="left",
        validate="many_to_one",
    )
    principal = minerals[minerals["rank"].astype(int) == 1].set_index("project_id")
    if principal.index.has_duplicates:
        raise ValueError("minerals holds a project_id with more than one principal host")
    hosts = principal.reindex(projects["project_id"]).astype(object)
    hosts = hosts.where(hosts.notna(), None).reset_index(drop=True)
    return pd.DataFrame(
        {
            "deposit_family": _known_families(joined["deposit_family"]),
            "is_tailings": joined["is_tailings"].map(lambda flag: flag is True or flag == 1),
            "grade_treo_wt_pct": joined["grade_treo_wt_pct"].astype("float64"),
            "resource_treo_t": joined["resource_treo_t"].astype("float64"),
            "host_mineral": hosts["mineral"],
            "host_group": hosts["mineral_group"],
            "mineral_confidence": hosts["confidence"],
        }
    ).astype({"deposit_family": object, "is_tailings": bool})


def _known_families(families: pd.Series) -> pd.Series:
    """Give None for a family that is missing or `UNKNOWN_FAMILY`, which is not a family to learn from."""
    texts = families.astype(object)
    return texts.where(texts.notna() & (texts != UNKNOWN_FAMILY), None)


def _is_of_ore(project_ids: npt.NDArray[np.object_], compositions: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Whether what is analysed may be ore, shape (n,), bool."""
    apart = compositions.loc[compositions["composition_basis"].isin(NOT_OF_ORE), "project_id"]
    return ~np.isin(project_ids, apart.unique())


def _is_first(stored: FloatArray) -> npt.NDArray[np.bool_]:
    """Whether no earlier row has the same pattern, shape (n,), bool."""
    closed = pd.DataFrame(
        np.round(100.0 * stored / np.nansum(stored, axis=1, keepdims=True), PATTERN_DECIMALS)
    )
    return ~closed.duplicated().to_numpy(dtype=np.bool_)


def _share_arrays(
    project_ids: npt.NDArray[np.object_], compositions: pd.DataFrame
) -> tuple[FloatArray, FloatArray]:
    """Spread the long table to shares as stored and shares to be trusted, both (n, 15)."""
    unknown = set(compositions["oxide"]) - set(OXIDES)
    if unknown:
        raise ValueError(f"compositions holds unknown oxides: {', '.join(sorted(unknown))}")
    known_statuses = {"reported", "zero_suspect", "not_reported"}
    unknown = set(compositions["value_status"]) - known_statuses
    if unknown:
        raise ValueError(f"compositions holds unknown statuses: {', '.join(sorted(unknown))}")
    stored = np.full((len(project_ids), len(OXIDES)), np.nan)
    trusted = stored.copy()
    row = pd.Index(project_ids).get_indexer(pd.Index(compositions["project_id"]))
    column = pd.Index(OXIDES).get_indexer(pd.Index(compositions["oxide"]))
    if (row < 0).any():
        raise ValueError("compositions holds a project_id that projects does not")
    if pd.DataFrame({"row": row, "column": column}).duplicated().any():
        raise ValueError("compositions holds a project and oxide more than once")
    share = compositions["share_of_treo_pct"].to_numpy(dtype="float64", na_value=np.nan)
    status = compositions["value_status"].to_numpy(dtype=object)
    stored[row, column] = np.where(status == "zero_suspect", np.nan_to_num(share), share)
    stored[row[status == "not_reported"], column[status == "not_reported"]] = np.nan
    trusted[row, column] = np.where(status == "reported", share, np.nan)
    return stored, trusted


SITE_COLUMNS: tuple[str, ...] = (
    "site_id",
    "deposit_family",
    "is_tailings",
    *AMOUNT_COLUMNS,
    "host_mineral",
    "host_group",
    *OXIDES,
)
"""What `dataset_of_sites` is given of each site; all but `is_tailings` may be missing."""


def dataset_of_sites(sites: pd.DataFrame) -> Dataset:
    """Put sites of a user's own into the form of a dataset.

    Args:
        sites: Columns `SITE_COLUMNS`. `site_id` is that of a known site, for its siblings' sake, or None:
            then it is a site of its own. Amounts in wt-% TREO and t TREO; principal host mineral and its
            group as in `marts.dim_minerals`; known shares in per cent of TREO.

    Returns:
        The sites in their order, none of them measured.
    """
    shares = sites[list(OXIDES)].to_numpy(dtype="float64", na_value=np.nan)
    ids = np.array([f"own-{row}" for row in range(len(sites))], dtype=object)
    features = sites[["deposit_family", "is_tailings", *AMOUNT_COLUMNS, "host_mineral", "host_group"]]
    features = features.reset_index(drop=True).astype(
        {"is_tailings": bool} | dict.fromkeys(AMOUNT_COLUMNS, "float64")
    )
    features["deposit_family"] = _known_families(features["deposit_family"])
    for label in ("host_mineral", "host_group"):
        texts = features[label].astype(object)
        features[label] = texts.where(texts.notna(), None)
    features["mineral_confidence"] = features["host_mineral"].map(lambda mineral: mineral and "given")
    return Dataset(
        project_ids=ids,
        site_ids=np.where(sites["site_id"].notna(), sites["site_id"].astype(object), ids),
        features=features[list(FEATURE_COLUMNS)],
        stored_shares=shares,
        shares=shares,
        is_measured=np.zeros(len(sites), dtype=bool),
        is_trainable=np.zeros(len(sites), dtype=bool),
    )
