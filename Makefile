# Everything a fresh clone needs: git, make, Python >= 3.10.  The environment is made on first use.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
DESCRIBED := setup.cfg setup.py pyproject.toml

.PHONY: serve test lint conformance fuzz bench docs audit client image clean

serve: $(VENV)/.installed-serve  ## serve the bundled base data on http://127.0.0.1:8069
	@$(BIN)/mockserver serve $(ARGS)

test: $(VENV)/.installed-test  ## run the tests; ARGS="-k word" for some, ARGS="-n 2 --dist loadfile" in two processes
	$(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/.installed-test  ## ruff, its format, and mypy on the package, the examples, the tests and the benchmarks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

conformance: $(VENV)/.installed-test  ## replay the recordings of real servers; RECORDINGS=… for some of them
	@$(BIN)/python -m tests.conformance $(ARGS) $(RECORDINGS)

fuzz: $(VENV)/.installed-test  ## attack the server with random requests; ARGS="--minutes 30 --seed 7 --profile odoo-18.0"
	@$(BIN)/python -m tests.fuzz $(ARGS)

bench: $(VENV)/.installed-test  ## measure; not part of the tests; ARGS=startup for one group
	@$(BIN)/python -m benchmarks $(ARGS)

docs: $(VENV)/.installed-docs  ## write the pages that follow from the program, and build the site into site/
	$(BIN)/python -m mockserver.report.classes
	$(BIN)/python -m mockserver.report.profiles > docs/profiles.md
	$(BIN)/python docs/reference.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet

audit: $(VENV)/.installed-test  ## look for known vulnerabilities of what is installed; needs the internet
	$(BIN)/python -m pip install --quiet --disable-pip-version-check pip-audit
	$(BIN)/pip-audit --skip-editable --progress-spinner off $(ARGS)

client: $(VENV)/.installed-test  ## write the types of the TypeScript client from the control API
	$(BIN)/python clients/js/generate.py > clients/js/src/api.ts

image:  ## build the container image odoo-mockserver; where docker does not run, check the Dockerfile
	@if docker info > /dev/null 2>&1; then \
	    docker build --tag odoo-mockserver . ; \
	else \
	    echo "docker does not run here: the Dockerfile is only checked" && $(MAKE) test ARGS=tests/test_image.py; \
	fi

clean:  ## remove the environment and everything that was built
	rm -rf $(VENV) build dist site *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or newer is needed: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)

# a stamp for each set of dependencies: the second run installs nothing
$(VENV)/.installed-serve: EXTRA :=
$(VENV)/.installed-test: EXTRA := [test]
$(VENV)/.installed-docs: EXTRA := [docs]
$(VENV)/.installed-%: $(DESCRIBED) | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.$(EXTRA)'
	@$(BIN)/python -m compileall -q mockserver  # pip does so for what it copies, and start takes half the time
	@touch $@
