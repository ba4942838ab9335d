# make demo   the whole job on the bundled notice, with made-up returns marked as samples: read, compare,
#             forms, receive, score, review page, report; ends with where to look (out/demo); V=1 shows
#             Prefect's log, too
# make test   everything that must hold: format, lint, types, import rules, and the tests, the same
#             at every run (COVERAGE=1 measures which lines they reach, which takes half as long again)
# make soak   the tests that draw at random with fresh seeds for SOAK_MINUTES, and a table of what was
#             tried and failed; a failure names its seed, and SOAK_SEED=... SOAK_TESTS=... begin with it
# make wheels a folder of wheels for a machine without a network (docs/operate.md)
# make licences | sbom   the licence of every package | a bill of materials of what is run, CycloneDX
# make bench  measure again, one after the other, what docs/performance.md, docs/scale.md, docs/report.md and
#             docs/scans.md say of time, on an idle machine, in 34 minutes; ROUGH=1 only tries all of it, small
# make trust | reliability   measure again what docs/trust.md | docs/reliability.md says; they take long
# All set up what they need on first use (Python 3.11 or newer, pip, make and git are enough).

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
WORKERS ?= 2# on two processors: a third takes the others' place in their caches, and a fifth more of both
COVERAGE ?=
SOAK_MINUTES ?= 10
SOAK_SEED ?=
SOAK_TESTS ?=
ROOMS := common flows extract normalize schemas warehouse compare scoring returns report
SOURCES := $(ROOMS) tests bench docs notebooks
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header \
	--no-emit-index-url --no-emit-find-links --python-version 3.11

export DO_NOT_TRACK := 1
export PREFECT_SERVER_ANALYTICS_ENABLED := false
# Where nothing may write bytecode each process of a test compiles again what it imports.
export PYTHONDONTWRITEBYTECODE :=

.DELETE_ON_ERROR:
.PHONY: demo test tests soak check format lint types imports setup system lock wheels licences sbom bench trust reliability dictionary clean

demo: setup
	@$(BIN)/kaohe demo $(if $(V),-v) || [ $$? -eq 3 ] # 3: landed, with findings to look at

test: setup system
	@$(MAKE) --no-print-directory -j 2 check tests

tests: setup system
	@$(BIN)/pytest -n $(WORKERS) --dist worksteal $(if $(COVERAGE),--cov --cov-report=term:skip-covered)

soak: setup system
	@$(BIN)/pytest -n $(WORKERS) --dist worksteal --soak $(SOAK_MINUTES) \
		$(if $(SOAK_SEED),--soak-seed $(SOAK_SEED)) $(SOAK_TESTS)

# Nicely: it has the processor while tests beside it wait for their services.
check: setup system
	@nice $(BIN)/ruff format --check $(SOURCES)
	@nice $(BIN)/ruff check $(SOURCES)
	@nice $(BIN)/mypy
	@nice $(BIN)/lint-imports

format: setup
	@$(BIN)/ruff check --fix-only $(SOURCES)
	@$(BIN)/ruff format $(SOURCES)

lint: setup
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/mypy
	@$(BIN)/lint-imports

setup: $(STAMPS)/project $(STAMPS)/kept

$(STAMPS)/uv: requirements/uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv --without-pip $(VENV)
	@$(PYTHON) -m pip --python $(BIN)/python install -qq --require-hashes -r requirements/uv.lock
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/packages: requirements/dev.lock $(STAMPS)/uv
	@echo "Setting up $(VENV): the first time this takes a minute" >&2
	@requirements/install.sh $(PYTHON) $(VENV) requirements/dev.lock
	@touch $@

$(STAMPS)/project: pyproject.toml $(STAMPS)/packages
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q $(ROOMS)
	@touch $@

# What re makes of 420 patterns, what declared data say, and the views of a first landing, kept
# beside the bytecode.
$(STAMPS)/kept: common/patterns.py common/declared.py flows/jobs/batch/warm.py warehouse/views.py warehouse/catalogue.py \
		$(wildcard schemas/tables/*.py */data/*.toml) | $(STAMPS)/project
	@$(BIN)/python -W ignore -m common.patterns flows.jobs.batch.warm set_up
	@touch $@

system: $(STAMPS)/system

$(STAMPS)/system: requirements/system.sh | $(STAMPS)/uv
	@requirements/system.sh
	@touch $@

lock: setup
	$(LOCK) --extra scan --extra dask --group dev pyproject.toml -o requirements/dev.lock
	echo uv | $(LOCK) - -o requirements/uv.lock

wheels:
	@requirements/wheels.sh $(PYTHON) wheels

licences: setup
	@$(BIN)/python -m bench.supply licences

sbom: setup
	@mkdir -p out
	@$(BIN)/python -m bench.supply sbom >out/sbom.cdx.json
	@echo out/sbom.cdx.json

bench: setup
	@$(BIN)/python -m bench.all $(if $(ROUGH),--small,--write)

trust: setup
	@$(BIN)/python -m bench.trust --write

reliability: setup system
	@$(BIN)/python -m bench.reliability --write

dictionary: setup
	@$(BIN)/python -m schemas.tables.dictionary >docs/data-dictionary.md
	@$(BIN)/python -m schemas.tables.dictionary rows >schemas/records/rows.py
	@$(BIN)/python -m schemas.glossary >docs/glossary.md
	@$(BIN)/python -m docs.pictures.architecture
	@$(BIN)/python -m bench.signs

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage*
	find $(ROOMS) tests bench -name __pycache__ -type d -prune -exec rm -rf {} +
