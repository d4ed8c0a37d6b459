"""The samples of Flectra's REST API document, run as a reader would run them."""

from __future__ import annotations

import sys

import pytest

from mockserver import MockServer
from tests.examples.test_seed_documents import run


@pytest.mark.mockserver(demo=True, profile="flectra-1.6")
def test_flectra_1_6_answers_as_the_rest_document_prints(mockserver: MockServer) -> None:
    run(mockserver, "flectra/rest_api.py", sys.executable, "-W", "error")


@pytest.mark.mockserver(demo=True, profile="flectra-2.0")
def test_flectra_2_0_answers_as_the_rest_document_prints(mockserver: MockServer) -> None:
    run(mockserver, "flectra/rest_api.py", sys.executable, "-W", "error")


@pytest.mark.mockserver(demo=True, profile="odoo-17.0", rest="flectra_rest")
def test_any_server_that_chose_the_add_on_answers_as_the_rest_document_prints(mockserver: MockServer) -> None:
    run(mockserver, "flectra/rest_api.py", sys.executable, "-W", "error")
