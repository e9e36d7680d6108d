# Two commands do all the set-up: `make demo` (scoring alone) and `make test` (training stack too).
PYTHON ?= python3
DEMO := .venv-demo
DEV := .venv
STAMP := .installed

.PHONY: demo test test-all lint types corpus clean

$(DEMO)/$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(DEMO)
	$(DEMO)/bin/pip install -q --disable-pip-version-check -c constraints.txt .
	touch $@

$(DEV)/$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(DEV)
	$(DEV)/bin/pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

demo: $(DEMO)/$(STAMP) ## Scores data/demo: a table here, a page in outputs/demo.html
	mkdir -p outputs
	$(DEMO)/bin/stance score data/demo
	$(DEMO)/bin/stance score data/demo --format html --output outputs/demo.html
	@echo "The articles with their evidence: outputs/demo.html"

test: $(DEV)/$(STAMP) ## Runs the tests
	$(DEV)/bin/python -m pytest -q

test-all: $(DEV)/$(STAMP) ## The slow ones too: full counts and simulations, which write into results/
	$(DEV)/bin/python -m pytest -q -m 'not gpu and not benchmark'

lint: $(DEV)/$(STAMP)
	$(DEV)/bin/ruff check .
	$(DEV)/bin/ruff format --check .

types: $(DEV)/$(STAMP)
	$(DEV)/bin/mypy

corpus: $(DEV)/$(STAMP) ## Builds the JSONL files of data/troops from the mark-up
	$(DEV)/bin/python scripts/build_corpus.py

clean:
	rm -rf $(DEMO) $(DEV) outputs build dist
