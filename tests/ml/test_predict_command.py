"""`ree predict`: spellings resolved, siblings found, known shares kept, failures one clear sentence."""

from __future__ import annotations

import shutil

import duckdb
import numpy as np
import pandas as pd
import pytest

from ml.oxides import OXIDES
from warehouse.errors import ReeError
from warehouse.predict.names import read_names
from warehouse.predict.run import predict_file, read_sites


@pytest.fixture(scope="module")
def file(published, tmp_path_factory):
    """The made-up published file with the names that resolving needs."""
    path = tmp_path_factory.mktemp("predict") / "ree.duckdb"
    shutil.copy(published[0], path)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            """
            alter table marts.dim_deposit_types add column deposit_type varchar;
            update marts.dim_deposit_types set deposit_type = 'Rock ' || deposit_type_id;
            alter table marts.dim_projects add column project_name varchar;
            alter table marts.dim_projects add column site_name varchar;
            update marts.dim_projects set project_name = 'Hill ' || project_id, site_name = site_id;
            alter table marts.dim_projects add column company_id varchar;
            alter table marts.dim_projects add column location_id varchar;
            update marts.dim_projects set company_id = 'c', location_id = site_id;
            create table marts.dim_minerals as select * from (values
                ('bastnaesite', 'fluorocarbonate', 'bastnäsite-(Ce)', 'bastnasite; hamartite'),
                ('monazite', 'monazite', 'monazite-(Ce)', null),
                ('xenotime', 'xenotime_yttrium', 'xenotime-(Y)', 'bastnaesite'))
                as minerals (mineral, mineral_group, ima_name, spellings);
            create table marts.dim_companies as select 'c' as company_id, 'Earths Ltd' as company_name;
            create table marts.dim_locations as select distinct site_id as location_id,
                'Place ' || site_id as location_as_published, 'AUS' as country_iso3,
                'Division ' || site_id as admin1_name from marts.dim_projects;
            create table marts.dim_countries as select 'Australia' as country_name, 'AUS' as country_iso3;
            create table marts.dim_name_words as select * from (values
                ('ltd', null, 'legal_form'), ('project', null, 'common_word'))
                as words (word, read_as, word_kind);
            create table marts.dim_site_names as
                select distinct site_id, project_name as known_name, 'project' as name_kind
                from marts.dim_projects;
            create or replace table marts.fct_site_minerals as select * from (values
                ('other-hill', 'monazite', 'monazite', 1, 'stated'))
                as minerals (site_id, mineral, mineral_group, rank, confidence);
            create or replace table marts.dim_sites as
                select 'other-hill' as site_id, false as is_in_liu2023, 'CAN' as country_iso3;
            create table marts.dim_deposit_type_names as
                select deposit_type as deposit_type_name, deposit_type_id from marts.dim_deposit_types
                union all select deposit_type_id, deposit_type_id from marts.dim_deposit_types
                union all select 'Coal ash', null;
            create schema staging;
            create table staging.figure_bounds as
                select deposit_family, 'grade' as figure_kind, 0.1 as bound_low, 20.0 as bound_high
                from (select distinct deposit_family from marts.dim_deposit_types)
                union all
                select deposit_family, 'resource', 1e3, 1.5e8
                from (select distinct deposit_family from marts.dim_deposit_types);
            """
        )
    # Where and as users have it: the models train from a file of any name in any folder.
    odd = path.with_name("it's #1 é") / "ree 2026-11.duckdb"
    odd.parent.mkdir()
    return path.rename(odd)


@pytest.fixture
def names(file):
    with duckdb.connect(str(file), read_only=True) as connection:
        return read_names(connection)


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_one_row_per_site_and_oxide_closing_to_100_with_known_shares_kept(file, tmp_path):
    sites = write(
        tmp_path / "sites.csv",
        "site,deposit_type,grade_treo_wt_pct,La2O3\nnew,rock TYPE-0,1.5,\npart,type-1,,31.5\n\n"
        "odd,Type-3,,\n",
    )
    assert len(predict_file(sites, tmp_path / "out.csv", file).sites) == 3
    rows = pd.read_csv(tmp_path / "out.csv")
    assert list(rows.columns[:3]) == ["site", "oxide", "predicted_pct"]
    assert rows["oxide"].tolist() == list(OXIDES) * 3
    np.testing.assert_allclose(rows.groupby("site")["predicted_pct"].sum(), 100.0, atol=1e-6)
    kept = rows[(rows["site"] == "part") & (rows["oxide"] == "La2O3")].iloc[0]
    assert (kept["predicted_pct"], kept["lower_90_pct"], kept["upper_90_pct"]) == (31.5, 31.5, 31.5)
    assert (rows["lower_90_pct"] <= rows["predicted_pct"]).all()
    assert (rows["upper_90_pct"] >= rows["predicted_pct"]).all()


def test_beside_shares_that_close_the_others_are_small_and_not_zero(file, tmp_path):
    """What is printed of four oxides was closed over them; a zero that is given is the user's own word."""
    sites = write(
        tmp_path / "sites.csv",
        "site,deposit_type,La2O3,Ce2O3,Pr6O11,Nd2O3,Lu2O3\nclosed,type-1,25.2,50,5,20,0\n",
    )
    predict_file(sites, tmp_path / "out.csv", file)
    rows = pd.read_csv(tmp_path / "out.csv").set_index("oxide")
    share = rows["predicted_pct"]
    assert share.sum() == pytest.approx(100.0)
    assert share["La2O3"] / share["Nd2O3"] == pytest.approx(25.2 / 20.0)
    assert share["Lu2O3"] == 0.0
    unknown = rows.drop(index=["La2O3", "Ce2O3", "Pr6O11", "Nd2O3", "Lu2O3"])
    assert (unknown["lower_90_pct"] > 0.0).all()
    assert (unknown["lower_90_pct"] < unknown["predicted_pct"]).all()
    assert (unknown["predicted_pct"] <= unknown["upper_90_pct"]).all()
    assert (unknown["lower_90_pct"] < unknown["upper_90_pct"]).all()


def test_draws_are_whole_compositions_that_agree_with_the_intervals(file, tmp_path):
    sites = write(tmp_path / "sites.csv", "site,deposit_type,La2O3,Lu2O3\nnew,type-1,,\npart,type-0,31.5,0\n")
    predict_file(sites, tmp_path / "out.csv", file)
    predict_file(sites, tmp_path / "draws.csv", file, draws=400)
    ends = pd.read_csv(tmp_path / "out.csv").set_index(["site", "oxide"])
    drawn = pd.read_csv(tmp_path / "draws.csv")
    assert drawn.columns.tolist() == ["site", "oxide", "draw", "share_pct", "matched_site", "line"]
    sums = drawn.groupby(["site", "draw"])["share_pct"].agg(["sum", "count"])
    assert len(sums) == 800
    np.testing.assert_allclose(sums["sum"], 100.0, atol=1e-6)
    of_cell = drawn.groupby(["site", "oxide"])["share_pct"]
    inside = drawn.join(ends[["lower_80_pct", "upper_80_pct"]], on=["site", "oxide"])
    unknown = ~((inside["site"] == "part") & inside["oxide"].isin(["La2O3", "Lu2O3"]))
    is_inside = inside["share_pct"].between(inside["lower_80_pct"] - 1e-4, inside["upper_80_pct"] + 1e-4)
    # Few error vectors, one of which lies at each end: as near to 80 % as they can come.
    assert is_inside[unknown].groupby([inside["site"], inside["oxide"]]).mean().between(0.68, 0.97).all()
    assert of_cell.min()["part", "La2O3"] == pytest.approx(31.5, abs=1e-4)
    assert of_cell.max()["part", "La2O3"] == pytest.approx(31.5, abs=1e-4)
    assert of_cell.max()["part", "Lu2O3"] == 0.0


@pytest.mark.parametrize(
    ("cell", "host"),
    [
        ("Bastnäsite-(ce)", ("bastnaesite", "fluorocarbonate")),
        (" hamartite ; monazite", ("bastnaesite", "fluorocarbonate")),
        ("MONAZITE; bastnasite", ("monazite", "monazite")),
        ("; xenotime (Y)", ("xenotime", "xenotime_yttrium")),
        ("bastnaesite", ("bastnaesite", "fluorocarbonate")),  # its own name, not a spelling of xenotime
        ("", (None, None)),
    ],
)
def test_the_first_mineral_is_the_host_in_any_spelling(names, tmp_path, cell, host):
    sites = write(tmp_path / "sites.csv", f'site,deposit_type,minerals\na,type-0,"{cell}"\n')
    (site,) = read_sites(sites, names).sites
    assert (site.values["host_mineral"], site.values["host_group"]) == host


def test_minerals_move_the_prediction_and_without_them_nothing_is_read_into_it(file, tmp_path):
    sites = write(
        tmp_path / "sites.csv",
        "site,deposit_type,minerals\na,type-0,\nb,type-0,monazite\nc,type-0,bastnaesite\nd,type-0,\n",
    )
    predict_file(sites, tmp_path / "out.csv", file)
    wide = pd.read_csv(tmp_path / "out.csv").pivot(index="site", columns="oxide", values="predicted_pct")
    assert np.allclose(wide.loc["a"], wide.loc["d"])
    assert np.abs(wide.loc["a"] - wide.loc["b"]).max() > 0.01
    assert np.abs(wide.loc["b"] - wide.loc["c"]).max() > 0.01
    said = pd.read_csv(tmp_path / "out.csv").groupby("site")["mineral_basis"].first()
    assert said.to_dict() == {"a": "none", "b": "given", "c": "given", "d": "none"}


def test_known_sites_are_found_by_name_and_by_company_with_location(names, tmp_path):
    sites = write(
        tmp_path / "sites.csv",
        "site,deposit_type,company,location\nhill made P003,type-0,,\nx,type-0,earths LTD,place site-4\n"
        "y,type-0,Earths Ltd,elsewhere\n",
    )
    found = [site.values["site_id"] for site in read_sites(sites, names).sites]
    assert found == ["site-1", "site-4", None]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("deposit_type\ntype-0\n", "line 1: the column site is missing"),
        ("site,deposit_type\na,typ-0\n", r"line 2, column deposit_type: .*near: .*type-0"),
        ("site,deposit_type,La203\na,type-0,3\n", r"column La203: .*give La2O3, in per cent"),
        ('site,deposit_type,La2O3\na,type-0,"3,5"\n', "line 2, column La2O3: '3,5' is not a number"),
        ("site,deposit_type,La2O3\na,type-0,130\n", "130 is not from 0 to 100"),
        ("site,deposit_type,La2O3,Ce2O3\na,type-0,70,70\n", "the known shares sum to 140"),
        ("site,deposit_type\na,type-0,b\n", "line 2: 3 cells are under 2 column names"),
        ("site,deposit_type\n,type-0\n", "line 2, column site: the cell is blank"),
        ("site,deposit_type\n", "there is no site below the header"),
        ("site,deposit_type,La2O3\na,type-0,nan\n", "'nan' is not a number"),
        ("site,deposit_type,resource_treo_t\na,type-0,inf\n", "'inf' is not a number"),
        ("site,deposit_type,resource_treo_t\na,type-0,1e999\n", "1e999 is not a finite number"),
        ("site,deposit_type,resource_treo_t\na,type-0,1_000\n", "'1_000' is not a number; .*thousands"),
        ("site,deposit_type,resource_treo_t\na,type-0,1e30\n", "1e30 is over what any deposit has"),
        ("site,deposit_type,grade_treo_wt_pct\na,type-0,58\n", "58 is over what any deposit has .*ppm"),
        ("site,deposit_type,La2O3,Ce2O3,Nd2O3\na,type-0,.25,.5,.2\n", "sum to 0.95, as fractions of one do"),
        ("site,deposit_type,La2O3,Ce2O3\na,type-0,0,0\n", "all known shares are 0"),
        ("site,deposit_type\na,coal ASH\n", "learned from is of the kind 'coal ASH'; leave the site out"),
        ("site,deposit_type,Dy_ppm\na,type-0,3\n", "column Dy_ppm: .*give Dy2O3, in per cent of TREO"),
        (
            "site,deposit_type,minerals\na,type-0,monazite; xenotim\n",
            "line 2, column minerals: the mineral 'xenotim' is not known; .*near: xenotime",
        ),
    ],
)
def test_failures_name_line_column_and_remedy(names, tmp_path, text, sentence):
    with pytest.raises(ReeError, match=sentence):
        read_sites(write(tmp_path / "sites.csv", text), names)


def test_all_faults_of_a_file_are_named_at_once_or_left_out(names, tmp_path):
    lines = "".join(f"s{i},typ-{i},{i}\n" for i in range(30))
    sites = write(tmp_path / "sites.csv", f"site,deposit_type,La2O3\n{lines}good,type-0,\nx,type-0,abc\n")
    with pytest.raises(ReeError) as failure:
        read_sites(sites, names)
    said = str(failure.value).splitlines()
    assert [f"line {row}" in line for row, line in enumerate(said[:20], 2)] == [True] * 20
    assert said[20].endswith("11 more cells cannot be used; correct these first.")
    left = read_sites(sites, names, leave_out_faulty=True)
    assert [site.label for site in left.sites] == ["good"]
    assert len(left.refused) == 31
    assert left.refused[-1].row == 33


def test_what_is_odd_is_warned_of_and_every_line_can_be_identified(file, tmp_path):
    sites = write(
        tmp_path / "sites.csv",
        "site,deposit_type,grade_treo_wt_pct,resource_treo_t\na,type-0,0.01,5\na,type-0,1,\n",
    )
    predict_file(sites, tmp_path / "out.csv", file)
    rows = pd.read_csv(tmp_path / "out.csv").drop_duplicates("line").set_index("line")
    assert rows["site"].to_dict() == {2: "a", 3: "a"}
    assert "grade 0.01 is not within 0.1 to 20" in rows["warnings"][2]
    assert "resource 5 is not within 1,000" in rows["warnings"][2]
    assert rows["warnings"][3] == "line 2 has the same name"


def test_a_known_site_brings_its_host_unless_one_is_given(file, tmp_path):
    with duckdb.connect(str(file), read_only=True) as connection:
        name, mineral, confidence = connection.execute(
            """
            select min(project_name), min(mineral), min(confidence) from marts.fct_project_minerals
            inner join marts.dim_projects using (project_id)
            where rank = 1
            group by site_id
            having count(distinct mineral) = 1
            order by 1 limit 1
            """
        ).fetchone()
    sites = write(
        tmp_path / "sites.csv",
        f"site,deposit_type,minerals\n{name.upper()} project,type-0,\n{name},type-0,xenotime\n",
    )
    made = predict_file(sites, tmp_path / "out.csv", file)
    assert [site.host.mineral for site in made.sites] == [mineral, "xenotime"]
    rows = pd.read_csv(tmp_path / "out.csv").drop_duplicates("line")
    assert rows["match_method"].tolist() == ["name_words", "name"]
    assert rows["matched_site"].nunique() == 1
    assert set(rows["mineral_basis"]) <= {confidence, "given", "none"}


def test_a_run_of_other_settings_is_not_guessed_at(file, tmp_path):
    other = tmp_path / "ree.duckdb"
    shutil.copy(file, other)
    with duckdb.connect(str(other)) as connection:
        connection.execute("""update ml.model_runs set hyperparameters = '{"seed": 1}'""")
    sites = write(tmp_path / "sites.csv", "site,deposit_type\na,type-0\n")
    with pytest.raises(ReeError, match=r"cannot be repeated.*make build"):
        predict_file(sites, tmp_path / "out.csv", other)
