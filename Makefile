# pbxd: `make run` shows everything with a sample office, `make test` runs every test.
PYTHON ?= python3
BIN := .venv/bin
UI := console/ui/static/build/manifest.json
UI_SOURCES := $(shell find console -path '*/node_modules' -prune -o \( -name '*.ts' -o -name '*.css' -o -name 'build.mjs' -o -name '*.svg' -o -name '*.png' \) -print 2>/dev/null)
CATALOGUES := $(shell find console/locale -name '*.po' 2>/dev/null)

.PHONY: run test lint bench format setup setup-test clean

run: setup  ## sample office on a real Asterisk, or your own PBX when pbxd.toml names one
	@exec $(BIN)/pbxd demo

# Most tests wait for telephones: four workers, each with an Asterisk of its own, fit on two cores.
WORKERS ?= 4

test: setup-test  ## every test
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup --no-loadscope-reorder || \
	  { [ $$? = 1 ] && $(BIN)/python -m tests.again; }

lint: setup-test  ## style, types, architecture, texts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	npm run --silent check
	$(BIN)/python -m console.web.catalogues check

bench: setup-test  ## every benchmark; each prints a ratio
	for name in ami hooks search live pop commands ingest recordings calls200 customer_page excel_import; do $(BIN)/python -m benchmarks.$$name || exit 1; done

format: setup-test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

setup: .venv/run.stamp $(UI) .venv/catalogues.stamp
setup-test: .venv/test.stamp $(UI) .venv/catalogues.stamp

.venv/apt-run.stamp: install/apt-run.txt install/packages.sh
	@install/packages.sh install/apt-run.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "pbxd needs Python 3.11 or newer ($$($(PYTHON) --version) found); set PYTHON=…"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@touch $@

.venv/run.stamp: .venv/apt-run.stamp requirements.lock pyproject.toml
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/test.stamp: .venv/run.stamp requirements-test.lock install/apt-test.txt
	@install/packages.sh install/apt-test.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.lock
	@touch $@

node_modules/.package-lock.json: .venv/apt-run.stamp package.json package-lock.json .npmrc
	@npm ci --silent --ignore-scripts
	@touch $@

$(UI): node_modules/.package-lock.json $(UI_SOURCES)
	@npm run --silent build
	@touch $@

.venv/catalogues.stamp: .venv/run.stamp $(CATALOGUES)
	@$(BIN)/python -m console.web.catalogues compile
	@touch $@

clean:  ## removes what was built; your data (.data) stay
	rm -rf .venv node_modules console/ui/static/build .lab
