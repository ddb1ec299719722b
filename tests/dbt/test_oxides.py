"""The oxides are a seed; what must know them without a database says the same."""

from __future__ import annotations

import csv
import re

from ml.oxides import GROUPS, LREE, OXIDES
from warehouse.paths import DBT_PROJECT_DIR

SEED = DBT_PROJECT_DIR / "seeds" / "oxides.csv"
MACROS = DBT_PROJECT_DIR / "macros" / "source_cells.sql"


def test_order_and_groups_are_those_of_the_seed() -> None:
    with SEED.open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: int(row["oxide_order"]))
    named = {
        flag: tuple(row["oxide"] for row in rows if row[f"is_{flag}"] == "true") for flag in ("lree", *GROUPS)
    }

    assert tuple(row["oxide"] for row in rows) == OXIDES
    assert named == {"lree": LREE, **GROUPS}


def test_the_macro_lists_them_in_the_order_of_the_seed() -> None:
    body = re.search(r"macro oxides\(\)(.*?)endmacro", MACROS.read_text(encoding="utf-8"), re.DOTALL)

    assert body is not None
    assert tuple(re.findall(r"'(\w+)'", body[1])) == OXIDES
