from __future__ import annotations

import signal
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.terminal import REE
from warehouse.build.run import BuildSummary, docs_file
from warehouse.cli.serve import open_server
from warehouse.errors import ReeError

# A proxy of the machine must not be asked for pages of the machine itself.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def test_the_lineage_site_is_served_until_interrupted(built: BuildSummary) -> None:
    server = subprocess.Popen(
        [*REE, "docs", "--serve", "--json", "--file", str(built.output)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        address = json_address(server.stdout.readline())
        assert address.startswith("http://127.0.0.1:")
        page = OPENER.open(address, timeout=30).read()
        assert page == docs_file(built.output).read_bytes()
        with pytest.raises(urllib.error.HTTPError):
            OPENER.open(address + "../ree.duckdb", timeout=30)
    finally:
        server.send_signal(signal.SIGINT)
        code = server.wait(timeout=30)

    assert code == 0
    with pytest.raises(urllib.error.URLError):
        OPENER.open(address, timeout=5)


def json_address(line: str) -> str:
    import json

    return str(json.loads(line)["address"])


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    with open_server(tmp_path) as server:
        assert server.server_address[0] == "127.0.0.1"
        with pytest.raises(ReeError, match="choose another with --port"):
            open_server(tmp_path, server.server_address[1])
