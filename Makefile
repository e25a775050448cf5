# Everything a person does with Doudi. `make` alone lists it. Needs Python 3.11 and, for the real
# engines and the tests, Java with Maven (installed when root), Node.js with npm, and curl.

PYTHON ?= $(or $(shell command -v python3.11),python3)
PYTEST ?= -q -n 3 --no-loadscope-reorder
# What tests write must outlive processes, not the machine: it goes into memory where there is some.
ROOMY = [ "$$(df -k --output=avail /dev/shm 2>/dev/null | tail -1)" -gt 8000000 ] 2>/dev/null
# Whatever the shell says, what Python compiles is kept: otherwise each process compiles all anew.
unexport PYTHONDONTWRITEBYTECODE
PIP_FLAGS = --quiet --disable-pip-version-check --require-hashes
LOCK = $(RUN) -m uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --custom-compile-command 'make lock'

RUN := .venv/bin/python
RUNTIME := .venv/installed-runtime
DEV := .venv/installed-dev
DOUDI := .venv/bin/doudi
ASYNCAPI := tests/contracts/asyncapi
PARSER := $(ASYNCAPI)/node_modules/.package-lock.json

.PHONY: help demo serve stack stack-demo test coverage law mutate bench check lock clean
.DELETE_ON_ERROR:

help:
	@echo 'make demo        the stories of three cells, each case from its application on, in this process'
	@echo 'make serve       the embedded system on http://127.0.0.1:8080 (PORT), data under ./data'
	@echo 'make stack       PostgreSQL, Kafka, MongoDB and every service as processes of their own'
	@echo 'make stack-demo  the stories of the demo against those'
	@echo 'make test        everything: static checks, contracts, scenarios, simulation, crashes'
	@echo 'make coverage    docs/coverage.md: which test proves which mechanism'
	@echo 'make law         docs/law.md: the law article by article, what carries it, what proves it'
	@echo 'make mutate      docs/mutation.md: each figure changed in turn, and which test notices'
	@echo 'make bench       the table of speeds'
	@echo 'make check       only the static checks'
	@echo 'make lock        requirements/*.txt and the npm lock from what the projects ask for'
	@echo '.venv/bin/doudi  what an operator types (make puts it there); --help lists it'
	@echo 'make clean       what can be made again; ./data stays'

demo: $(RUNTIME) $(DOUDI)
	@$(DOUDI) demo

serve: $(RUNTIME) $(DOUDI)
	@$(DOUDI) serve

stack: $(DEV) $(DOUDI)
	@$(DOUDI) stack

stack-demo: $(DEV) $(DOUDI)
	@$(DOUDI) stack-demo

bench: $(DEV) $(DOUDI)
	@$(DOUDI) bench

coverage: $(DEV)
	$(RUN) -m tests.coverage

law: $(DEV)
	$(RUN) -m tests.law

# What the law page says of tests comes from here, so it is written after it.
mutate: export TMPDIR := $(or $(TMPDIR),$(shell $(ROOMY) && echo /dev/shm || echo /tmp))
mutate: $(DEV)
	$(RUN) -m tests.mutate
	$(RUN) -m tests.law

test: export TMPDIR := $(or $(TMPDIR),$(shell $(ROOMY) && echo /dev/shm || echo /tmp))
test: check $(PARSER) $(DOUDI)
	$(RUN) -m pytest $(PYTEST)

check: $(DEV)
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy
	.venv/bin/lint-imports

# The locks name no registry: pip, uv and npm take the one that the machine is set up with.
# The second is constrained by the first, so that tests run what the demo runs.
lock: $(DEV)
	$(LOCK) --output-file requirements/runtime.txt
	$(LOCK) --group engines --group dev --constraints requirements/runtime.txt \
		--output-file requirements/dev.txt
	cd $(ASYNCAPI) && npm install --package-lock-only

clean:
	rm -rf .venv .state $(ASYNCAPI)/node_modules
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .schemathesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUN):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { \
		echo 'Doudi needs Python 3.11: install it, or name it: make PYTHON=/path/to/python3.11'; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { \
		echo 'This Python cannot make a venv: apt-get install python3.11-venv (python3-venv on Debian 12)'; exit 1; }
	$(PYTHON) -m venv .venv

$(RUNTIME): requirements/runtime.txt | $(RUN)
	$(RUN) -m pip install $(PIP_FLAGS) -r requirements/runtime.txt
	@touch $@

$(DEV): requirements/dev.txt | $(RUN)
	$(RUN) -m pip install $(PIP_FLAGS) -r requirements/dev.txt
	@touch $@ $(RUNTIME)

$(DOUDI): infra/cli/doudi.sh | $(RUN)
	@install -m 755 $< $@

$(PARSER): $(ASYNCAPI)/package-lock.json
	@command -v npm >/dev/null || { echo 'npm is missing: apt-get install npm'; exit 1; }
	cd $(ASYNCAPI) && npm ci
	@touch $@
