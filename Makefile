# Every command of the project. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
REPORT ?= report.html
SOURCES := $(shell find crates python -name '*.rs' -o -name '*.py' -o -name '*.toml' 2>/dev/null) Cargo.toml Cargo.lock pyproject.toml

.PHONY: help demo test test-rust test-python test-random lint format docs bench bench-instructions clean

help: ## Lists the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

demo: $(VENV)/.demo ## Installs the package and writes report.html on The Complete Journey
	$(BIN)/patronage report --demo -o $(REPORT) --overwrite

test: lint test-rust test-python ## Runs every test, lint and check; what CI runs

# The same command gives the same outcome: the property tests draw from one seed here, and from many in test-random.
test-rust: export PROPTEST_RNG_SEED ?= 20261122
test-rust: ## Runs the Rust tests, doctests and examples
	cargo test --workspace --quiet
	for example in supermarket hospital purchase_log; do cargo run --quiet --package patronage --example $$example >/dev/null || exit 1; done

test-python: $(VENV)/.test ## Runs the Python tests, doctests, notebooks, and the stubs against the module
	$(BIN)/python -m pytest
	$(BIN)/python -m mypy.stubtest patronage._core --mypy-config-file pyproject.toml

test-random: export HYPOTHESIS_PROFILE = random
test-random: $(VENV)/.test ## Runs the property tests on thousands of new random cases
	PROPTEST_CASES=5000 cargo test --release --package patronage --quiet
	$(BIN)/python -m pytest

lint: $(VENV)/.test ## Checks formats, lints and types
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --quiet -- -D warnings
	$(BIN)/ruff format --check python tests benches
	$(BIN)/ruff check python tests benches
	$(BIN)/mypy

format: $(VENV)/.test ## Puts all files into the project's format
	cargo fmt --all
	$(BIN)/ruff format python tests benches
	$(BIN)/ruff check --fix python tests benches

docs: $(VENV)/.test ## Builds the Rust documentation and the notebooks into site/
	RUSTDOCFLAGS="-D warnings" cargo doc --package patronage --no-deps --target-dir target
	mkdir -p site && cp -r target/doc site/rust
	for notebook in docs/notebooks/*.md; do $(BIN)/jupytext --quiet --to ipynb --output site/$$(basename $$notebook .md).ipynb $$notebook || exit 1; done
	$(BIN)/jupyter-execute --inplace --kernel_name=python3 site/*.ipynb

bench: $(VENV)/.test ## Measures beside the peers, in one run (PATRONAGE_TOOLS=folder of the C programs)
	$(BIN)/python -m pip install --quiet --editable ".[bench]"
	cargo bench --quiet --package patronage-benches
	$(BIN)/python benches/peers/run.py
	cargo build --quiet --release --package patronage-benches
	$(BIN)/python benches/peers/miners.py

bench-instructions: $(BIN)/python ## Counts the instructions of three cases beside the stored numbers (needs valgrind)
	cargo build --quiet --release --package patronage-benches
	$(BIN)/python benches/instructions.py

clean: ## Removes what the commands made
	rm -rf $(VENV) target site report.html

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: $(BIN)/python $(SOURCES)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check ".[report,cli,examples]"
	touch $@

$(VENV)/.test: $(BIN)/python $(SOURCES)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[plot,report,cli,examples,test]"
	touch $@
