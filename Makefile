# Thin on purpose: what each target does stands in deploy/dev/.

.DEFAULT_GOAL := help
.PHONY: help run backup restore test lint schema messages screenshots races faces chaos-dispatch chaos-realtime bench-realtime clean

help: ## List these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-15s %s\n", $$1, $$2}'

run: ## Start the site with demo data on http://127.0.0.1:8000 (PORT=… for another port)
	@exec bash deploy/dev/run.sh

backup: ## Back up the database and the uploads, checked, into var/backups (BACKUP_FOLDER=…)
	@exec bash deploy/dev/backup.sh backup $(ARGS)

restore: ## Bring a backup back (FROM=its name, or the latest; ARGS=--yes gives up what is there, ARGS=--check only looks)
	@exec bash deploy/dev/backup.sh restore $(FROM) $(ARGS)

test: ## Run every check and test on MariaDB, Redis, SQLite and Chromium (ARGS=… goes to pytest)
	@exec bash deploy/dev/test.sh test $(ARGS)

lint: ## Check style, types, import boundaries, migrations, deployment settings and the API schema
	@exec bash deploy/dev/lint.sh

schema: ## Write the OpenAPI document to docs/openapi.yml
	@exec bash deploy/dev/schema.sh docs/openapi.yml

messages: ## Collect the texts to translate and compile the translations
	@exec bash deploy/dev/messages.sh

screenshots: ## Take pictures of every page into var/screenshots (ONLY=name,…; BEST=1 for docs/images)
	@exec bash deploy/dev/screenshots.sh

races: ## Run the long races with 20,000 operations on MariaDB and on SQLite
	@RACE_OPERATIONS=$${RACE_OPERATIONS:-20000} exec bash deploy/dev/test.sh races $(ARGS)

faces: ## Look at every page in a browser, the whole back office too (axe, light and dark; some minutes)
	@FACES=all exec bash deploy/dev/test.sh test tests/faces

chaos-dispatch: ## Kill clients and workers for five minutes on MariaDB and on SQLite (CHAOS_SECONDS=…)
	@CHAOS_SECONDS=$${CHAOS_SECONDS:-300} exec bash deploy/dev/test.sh chaos $(ARGS)

chaos-realtime: ## Kill servers and Redis under open sockets and talk for forty minutes (CHAOS_SECONDS=…, KILLS=…)
	@CHAOS_SECONDS=$${CHAOS_SECONDS:-300} KILLS=$${KILLS:-1000} exec bash deploy/dev/test.sh chaos-realtime $(ARGS)

bench-realtime: ## Measure sockets: CPU, memory, latency, messages, reconnects (BENCH_SOCKETS=…, BENCH_HOLD=…, ONLY=…)
	@exec bash deploy/dev/bench_realtime.sh

clean: ## Remove what these targets made: .venv, var/ (with the demo data, without var/backups), caches
	@exec bash deploy/dev/clean.sh
