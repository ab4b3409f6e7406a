# make help shows the commands. Everything happens in this folder; nothing needs root (make test uses it where it is there).

PORT ?= 8000
DEMO ?= 1
TODAY ?=
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
# Arguments for pytest, e.g. make test ARGS="tests/tasks -x"
ARGS ?=

# pytest with one marker; 5 is its code for "no test has it yet".
marked = @echo "$(1): pytest -m $(1)"; $(BIN)/python -m pytest -q -m $(1) $(ARGS) || [ $$? -eq 5 ]

.DEFAULT_GOAL := help
.PHONY: help setup run run-packages test check bench faults matrix fuzz screenshots examples messages

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## / – /'

setup: .venv/dev.stamp ## .venv with everything for running and developing

run: .venv/run.stamp ## start with demo data on http://127.0.0.1:8000 (PORT=…, TODAY=2024-04-15, DEMO=0 for an empty system)
	@exec env DEMO=$(patsubst 0,false,$(patsubst 1,true,$(DEMO))) PORT=$(PORT) TODAY=$(TODAY) $(BIN)/python manage.py runall --end-with-parent

test: .venv/dev.stamp ## every test, on SQLite and on PostgreSQL with Redis
	@$(BIN)/python -m tests.run $(ARGS)

check: .venv/dev.stamp ## linters, types, and what must not drift apart
	@$(BIN)/python -m tests.check

bench: .venv/dev.stamp ## speed of the pages against the floor, at 20 000 and 200 000 assignments (ARGS="--pages list detail")
	@$(BIN)/python -m tests.bench $(ARGS)

faults: .venv/dev.stamp ## all fault scenarios (half an hour; some want root)
	@$(BIN)/python -m tests.faults $(ARGS)

matrix: .venv/dev.stamp ## every cell of the tables of rights and states
	$(call marked,matrix)

fuzz: .venv/dev.stamp ## long random input
	$(call marked,fuzz)

screenshots: .venv/dev.stamp ## make the pictures of README.md and of the user's guide again
	@SCREENSHOTS=1 $(BIN)/python -m pytest -q tests/browser/test_story.py tests/browser/test_print.py tests/browser/test_matrix_grid.py tests/browser/test_reminders.py tests/browser/guide_pictures.py

examples: .venv/dev.stamp ## make docs/examples again (LibreOffice; a few minutes)
	@$(BIN)/python -m tests.examples

messages: .venv/dev.stamp ## compile the translations (.po to .mo)
	@DEMO=true $(BIN)/python manage.py compilevi

# The stamps hold the hash of what was installed: a changed pin installs again, an unchanged one costs nothing.
.venv/run.stamp .venv/dev.stamp: .venv/%.stamp: FORCE
	@sh deploy/install.sh $* "$(PYTHON)"

FORCE:
