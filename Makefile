# `make run` starts the product, `make test` tests it. The same without make: see README.md.
# Options are passed on with ARGS: make test ARGS="-k dispatch"
UV = sh tools/uv

run:  # installs what is needed, creates the database, loads the demonstration company, starts server and worker
	@$(UV) run --no-dev shouhou run $(ARGS)

test:  # the whole suite on SQLite, then on a PostgreSQL that it brings up by itself
	@$(UV) run python -m tests $(ARGS)

check:  # everything that is proved without running the product
	$(UV) run ruff format --check
	$(UV) run ruff check
	$(UV) run lint-imports
	$(UV) run mypy
	$(UV) run python -m django makemigrations --check --dry-run --settings shouhou.config.settings
	SMTP_HOST=localhost $(UV) run \
		python -m django check --deploy --fail-level WARNING --settings shouhou.config.settings

pins:  # the newest versions of everything, written down in pyproject.toml
	$(UV) run --no-project tools/pins.py

.PHONY: run test check pins
