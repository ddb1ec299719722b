"""The text of a sites file: delimiters, headers, line ends, and what is refused."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.errors import ReeError
from warehouse.predict.faults import Faults
from warehouse.predict.table import read_mapping, read_table

ROW = {"site": "a", "deposit_type": "placer", "La2O3": "3"}


def read(path, text, mapped=None):
    path.write_bytes(text.encode("utf-8"))
    faults = Faults(path)
    table = read_table(path, mapped or {}, faults)
    return table, [str(fault) for fault in faults.found]


@pytest.mark.parametrize(
    "text",
    [
        "site,deposit_type,La2O3\na,placer,3\n",
        "site;deposit_type;La2O3\na;placer;3\n",
        "site\tdeposit_type\tLa2O3\na\tplacer\t3\n",
        "site|deposit_type|La2O3\na|placer|3\n",
        "sep=;\nsite;deposit_type;La2O3\na;placer;3\n",
        "\ufeffsite,deposit_type,La2O3\r\na,placer,3\r\n",
        "SITE,Deposit Type,la2o3\ra,placer,3\r",
        "La2O3,deposit_type,site\n\n3,placer,a\n,,\n",
        '"site","deposit_type","La2O3"\n"a"," placer ","3"',
    ],
)
def test_what_is_unambiguous_is_read(tmp_path, text):
    table, faults = read(tmp_path / "sites.csv", text)
    assert faults == []
    assert [dict(line.cells) for line in table.lines] == [
        {"site": "a", "deposit_type": "placer", "La2O3": "3"}
    ]


def test_lines_are_counted_as_an_editor_counts_them(tmp_path):
    text = 'sep=,\nsite,deposit_type\n\n"a\nb",placer\n\u2028c\x0bd,clay\nx\n'
    table, faults = read(tmp_path / "sites.csv", text)
    assert [(line.number, line.cells["site"]) for line in table.lines] == [(5, "a\nb"), (6, "c\x0bd")]
    assert faults == [
        f"{tmp_path / 'sites.csv'}, line 7: 1 cells are under 2 column names; quote cells that hold a comma."
    ]


def test_headers_of_other_names_are_mapped_and_the_rest_is_left_aside(tmp_path):
    text = "Name,Type,Year,La2O3\na,placer,1999,3\n"
    mapped = read_mapping(["site=name", "deposit_type=Type"])
    table, _ = read(tmp_path / "sites.csv", text, mapped)
    assert [dict(line.cells) for line in table.lines] == [
        {"site": "a", "deposit_type": "placer", "La2O3": "3"}
    ]
    assert table.ignored == ["Year"]


@pytest.mark.parametrize(
    ("text", "mapped", "sentence"),
    [
        ("name,type\na,b\n", {}, "line 1: the column site is missing"),
        ("site,type\na,b\n", {}, "the column deposit_type is missing; .*--map deposit_type='type'"),
        ("site,deposit_type,site\na,b,c\n", {}, "column site: the column is duplicated"),
        ("site,deposit_type,Ce (ppm)\na,b,1\n", {}, "give Ce2O3"),
        ("site,deposit_type,Y_ppm\na,b,1\n", {}, "give Y2O3"),
        ("site,deposit_type,Yb_ppm\na,b,1\n", {}, "give Yb2O3"),
        ("site,deposit_type,CeO2\na,b,1\n", {}, "give Ce2O3"),
        ("site,deposit_type,grad\na,b,1\n", {}, "near: grade_treo_wt_pct"),
        ("site,deposit_type,Year\na,b,1\n", {}, "column Year: the column is not one that predictions use"),
        ('site,deposit_type\n"a,b\n', {}, "line 2: the line is not CSV .*; correct its quotes"),
        ("site,deposit_type\na,b\n", {"site": "Name"}, "no header 'Name' for the column site; correct --map"),
    ],
)
def test_a_header_that_cannot_be_read_is_named_with_its_remedy(tmp_path, text, mapped, sentence):
    with pytest.raises(ReeError, match=sentence):
        read(tmp_path / "sites.csv", text, mapped)


@pytest.mark.parametrize("texts", [["site"], ["year=Year"], ["site="], ["site=a", "site=b"]])
def test_a_mapping_that_names_nothing_is_refused(texts):
    with pytest.raises(ReeError, match="--map"):
        read_mapping(texts)


@given(
    st.lists(st.tuples(*[st.text(st.characters(exclude_categories=["Cs"]), max_size=8)] * 2), max_size=5),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_csv_writer_writes_is_read_again(tmp_path_factory, rows, delimiter, ending):
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=ending, quoting=csv.QUOTE_ALL)
    writer.writerows([("site", "deposit_type"), *rows])
    path = tmp_path_factory.mktemp("sites") / "sites.csv"
    if "\0" in text.getvalue():
        with pytest.raises(ReeError, match="NUL"):
            read(path, text.getvalue())
        return
    table, faults = read(path, text.getvalue())
    wanted = [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
    assert [[line.cells["site"], line.cells["deposit_type"]] for line in table.lines] == wanted
    assert faults == []
