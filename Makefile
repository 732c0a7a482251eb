# The two that matter are `run` and `test`. All other words go to the one task script, which CI calls as well.
# `make run PYTHON=/path/to/python3.12` picks an interpreter; the README has the raw lines.

.PHONY: run test help clean lint types imports docs image bench all
export PYTHON

run:
	@.ci/venv requirements.lock
	@.venv/bin/watchword run

test:
	@.ci/venv requirements.lock requirements-dev.lock
	.venv/bin/python -m pytest

lint types imports docs image bench all:
	@.ci/run $@

clean:
	rm -rf .venv .ci/tools .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis

help:
	@echo 'make run      build .venv when needed, then start Watchword (Ctrl-C stops it)'
	@echo 'make test     the tests; those whose tool is missing are skipped with the reason'
	@echo 'make lint     ruff and shellcheck        make types    mypy --strict'
	@echo 'make imports  who may import whom        make docs     run the examples in README and docs'
	@echo 'make image    lint the Dockerfile        make bench    the measured figures'
	@echo 'make all      everything that CI runs    make clean    remove what was built, not your data'
