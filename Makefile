# Two commands do everything: `make run` opens the dashboard, `make test` passes the tests.
PY := .venv/bin/python
LOCK = uv pip compile pyproject.toml --universal --python-version 3.11 --fork-strategy requires-python --generate-hashes --all-extras --group dev --quiet --custom-compile-command "make lock" --output-file requirements.lock

.PHONY: help run run-postgis serve test check format bench shots lock setup system

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 13

run: setup  ## set up, make the demonstration data, open the dashboard on http://127.0.0.1:8050
	$(PY) app.py serve --demo --open

run-postgis: setup system  ## the same on a PostgreSQL with PostGIS of its own, kept in data/postgis
	$(PY) -m tools.run_postgis --open $(ARGS)

serve: setup  ## production: gunicorn on LIANFANG_HOST:LIANFANG_PORT
	.venv/bin/gunicorn --config tools/gunicorn.py 'app:server()'

test: setup system  ## set up and run every test
	$(PY) -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile $(ARGS)

check: setup  ## lint, types, import contracts
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy .
	.venv/bin/lint-imports

format: setup  ## rewrite the code in the house style
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

bench: setup system  ## measure against the peers and rewrite docs/benchmarks.md
	$(PY) -m tests.benchmarks

shots: setup system  ## screenshots of every page into shots/
	$(PY) tools/shots.py

lock:  ## resolve the dependencies anew into requirements.lock
	$(LOCK) --upgrade

setup:
	@sh tools/setup.sh

system:
	@sh tools/system.sh
