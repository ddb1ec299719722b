"""The key of a run covers the code that trains, all of it and nothing else."""

from __future__ import annotations

import ast
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ml.store.keys import (
    LIBRARIES,
    PACKAGE_FOLDER,
    STUDIES,
    TRAINER,
    code_sha256,
    imported_modules,
    imports_of,
)

pytestmark = pytest.mark.slow("what trains is in the run's key, and nothing else")

Edit = Callable[[str, str, str], None]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the package that tests may change."""
    folder = tmp_path / "ml"
    shutil.copytree(PACKAGE_FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture
def edit(package: Path) -> Edit:
    """A function that replaces a text of a module, once."""

    def replace(module: str, old: str, new: str) -> None:
        path = package / module
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace


def test_comments_docstrings_and_layout_train_nothing(package: Path, edit: Edit) -> None:
    before = code_sha256(TRAINER, package)
    assert before == code_sha256(TRAINER)
    edit("models/baselines.py", "class TrainingMean", "# Said otherwise.\n\nclass TrainingMean")
    edit("models/baselines.py", "Predict the mean composition of the training rows", "Say the same")
    edit("settings.py", '"""Name of the model whose predictions are handed on."""', '"""The champion."""')
    edit(
        "models/baselines.py",
        "self.mean_pct_ = close(known_mean(y))",
        "self.mean_pct_ = close( known_mean( y ) )",
    )
    assert code_sha256(TRAINER, package) == before


@pytest.mark.parametrize(
    ("module", "old", "new"),
    [
        ("models/features.py", "shrinkage_rows: float = 2.0", "shrinkage_rows: float = 3.0"),
        ("judging/metrics.py", "FLOOR_PCT = 0.01", "FLOOR_PCT = 0.02"),
        ("studies/reference.py", "WIDTHS = (64, 32)", "WIDTHS = (64, 16)"),
        ("oxides.py", '    "Tm2O3",\n    "Yb2O3",\n', '    "Yb2O3",\n    "Tm2O3",\n'),
    ],
)
def test_a_changed_constant_trains_again(package: Path, edit: Edit, module: str, old: str, new: str) -> None:
    before = code_sha256(TRAINER, package)
    edit(module, old, new)
    assert code_sha256(TRAINER, package) != before


@pytest.mark.parametrize(
    ("module", "old", "new"),
    [
        ("studies/study.py", 'PERMUTED_MODELS = ("host_mean_shrunk", ', 'PERMUTED_MODELS = ("ridge", '),
        ("studies/settings.py", "permutations: int = 499", "permutations: int = 99"),
        ("pipeline.py", 'say("writing predictions")', 'say("writing")'),
        ("__init__.py", '    "HREE",\n    "OXIDES",\n', '    "OXIDES",\n'),
    ],
)
def test_code_that_trains_nothing_leaves_the_key(
    package: Path, edit: Edit, module: str, old: str, new: str
) -> None:
    before, of_studies = code_sha256(TRAINER, package), code_sha256(STUDIES, package)
    edit(module, old, new)
    assert code_sha256(TRAINER, package) == before
    assert (code_sha256(STUDIES, package) != of_studies) == (module.startswith("studies/"))


@pytest.mark.parametrize(
    "statement",
    [
        "from ml.models import fresh",
        "from ml.models.fresh import PULL",
        "import ml.models.fresh",
        "from . import fresh",
        "from .fresh import PULL",
        "def late():\n    from ml.models.fresh import PULL",
    ],
)
def test_a_module_that_a_model_newly_imports_is_covered(package: Path, edit: Edit, statement: str) -> None:
    fresh = package / "models" / "fresh.py"
    fresh.write_text("PULL = 1.0\n", encoding="utf-8")
    unused = code_sha256(TRAINER, package)
    assert unused == code_sha256(TRAINER)
    edit("models/baselines.py", "class TrainingMean", f"{statement}\n\n\nclass TrainingMean")
    used = code_sha256(TRAINER, package)
    assert "ml.models.fresh" in imported_modules(TRAINER, package)
    fresh.write_text("PULL = 2.0\n", encoding="utf-8")
    assert len({unused, used, code_sha256(TRAINER, package)}) == 3


def test_imports_for_type_checkers_are_not_followed() -> None:
    text = "if TYPE_CHECKING:\n    import ml.pipeline\nimport ml.oxides\n"
    assert imports_of("ml.models.made_up", ast.parse(text)) == ["ml.models", "ml.oxides"]


def test_every_library_that_training_imports_is_in_the_key() -> None:
    imported = {
        name.partition(".")[0]
        for module, tree in imported_modules(TRAINER).items()
        for name in imports_of(module, tree)
    }
    assert imported - set(sys.stdlib_module_names) - {"ml"} <= set(LIBRARIES)
    assert {"ml.models.networks", "ml.judging.prediction", "ml.dataset"} <= set(imported_modules(TRAINER))
