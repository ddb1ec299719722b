"""What a run trains and judges: from a dataset to the rows of its tables.

The code reached from here is part of the key of a run (`ml.store.keys`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from ml.dataset import Dataset, Frames, stack
from ml.judging.calibration import Calibration
from ml.judging.headline import headline_metrics
from ml.judging.metrics import Metric
from ml.judging.pattern import zero_estimates
from ml.judging.prediction import interval_metrics, predict_all
from ml.judging.protocols import evaluate
from ml.models.league import league
from ml.models.learners import Learner, TooFewRowsError
from ml.settings import Settings
from ml.studies.reference import ReferenceLearner, continent_metrics, reference_codes, split_metrics


def train(
    dataset: Dataset,
    reference_inputs: pd.DataFrame | None,
    sites: Dataset | None,
    settings: Settings,
    say: Callable[[str], None],
) -> Frames:
    """Train and judge all models, and predict every project with the champion.

    Args:
        dataset: All projects.
        reference_inputs: What the reference study was made on, in the order of the dataset, as in
            `ml.studies.reference`; None leaves it out.
        sites: Sites that no project is of, predicted besides; None for none.
        settings: What to train and judge with.
        say: Receives one line per step.

    Returns:
        Rows for the tables of `ml.store.tables`, without the run; of `model_runs` only the column `chosen`.

    Raises:
        TooFewRowsError: If too few sites are measured to choose anything on.
    """
    metrics: list[Metric] = []
    contenders: dict[str, Learner] = league(settings)
    if reference_inputs is not None:
        say("repeating the reference study")
        dataset = replace(dataset, reference_codes=reference_codes(reference_inputs))
        contenders["reference_network"] = ReferenceLearner()
        metrics += split_metrics(reference_inputs, settings)
        metrics += continent_metrics(reference_inputs, dataset.site_ids, settings)
    evaluation = evaluate(dataset.rows(dataset.is_measured), contenders, settings, say)
    say("training the final model")
    calibration = Calibration(evaluation.out_of_fold_pct)
    asked = dataset if sites is None else stack(dataset, sites)
    everything = predict_all(asked, calibration, settings)
    predictions = everything.rows(slice(0, len(dataset)))
    metrics += [*evaluation.metrics, *interval_metrics(dataset, calibration, settings)]
    metrics += headline_metrics(dataset, evaluation.predicted_pct, settings)
    return {
        "model_runs": pd.DataFrame({"chosen": [json.dumps(evaluation.chosen, sort_keys=True)]}),
        "model_metrics": pd.DataFrame([metric.row() for metric in metrics]),
        "composition_predictions": predictions.oxide_frame(dataset),
        "site_predictions": (
            pd.DataFrame() if sites is None else everything.rows(slice(len(dataset), None)).site_frame(sites)
        ),
        "group_predictions": predictions.group_frame(dataset),
        "calibration_predictions": calibration.frame(dataset),
        "zero_estimates": zero_estimates(dataset.rows(dataset.is_measured), calibration.as_is_pct),
    }


__all__ = ["TooFewRowsError", "train"]
