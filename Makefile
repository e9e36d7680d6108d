# Two commands do all the set-up: `make demo` (scoring alone) and `make test` (training stack too).
PYTHON ?= python3
DEMO := .venv-demo
DEV := .venv
STAMP := .installed

.PHONY: demo test test-all lint types corpus weights clean

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

# The whole recipe from the base weights, into $(RUNS)/models. What is done is not done again, so
# that the same command goes on after an interruption. TRY="debug=tiny" runs a step of each part.
RUNS ?= runs/recipe
SEEDS ?= 0 1 2
TRY ?=
PY := $(DEV)/bin/python
DONE := best/provenance.json

weights: $(RUNS)/models/calibration.json ## Trains both models as the README says

$(RUNS)/attribution-0/$(DONE): | $(DEV)/$(STAMP)
	$(PY) scripts/train_attribution.py experiment=attribution_with_corpus resume=true \
		output_dir=$(RUNS)/attribution-0 $(TRY)

$(RUNS)/attribution-1/$(DONE): $(RUNS)/attribution-0/$(DONE)
	$(PY) scripts/train_attribution.py experiment=attribution_with_passages resume=true \
		model.source=$(RUNS)/attribution-0/best output_dir=$(RUNS)/attribution-1 $(TRY)

$(RUNS)/models/attribution/provenance.json: $(RUNS)/attribution-1/$(DONE)
	$(PY) scripts/export.py checkpoint=$(RUNS)/attribution-1/best output_dir=$(@D)

# The seeds share the first stage, which the first of them to run trains.
STANCE := $(foreach seed,$(SEEDS),$(RUNS)/stance-$(seed)/$(DONE))
.NOTPARALLEL: $(STANCE)
$(STANCE): $(RUNS)/stance-%/$(DONE): $(RUNS)/models/attribution/provenance.json
	$(PY) scripts/train_stance.py seed=$* resume=true intermediate.output_dir=$(RUNS)/intermediate \
		data.found_by=$(RUNS)/models passage.headline=true output_dir=$(RUNS)/stance-$* $(TRY)

$(RUNS)/stance/$(DONE): $(STANCE)
	$(PY) scripts/average_checkpoints.py $(patsubst %/provenance.json,%,$^) --output $(@D)

$(RUNS)/models/stance/provenance.json: $(RUNS)/stance/$(DONE)
	$(PY) scripts/export.py checkpoint=$(RUNS)/stance/best output_dir=$(@D) headline=false

$(RUNS)/models/calibration.json: $(RUNS)/models/stance/provenance.json
	cp stance/weights/screen.json $(@D)
	$(PY) scripts/calibrate.py models=$(@D) output=$@

clean:
	rm -rf $(DEMO) $(DEV) outputs build dist
