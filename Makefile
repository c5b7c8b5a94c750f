# make run starts the site, make test tests it, make check is style and lint, make drill breaks what can break.

PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
IN_VENV := .venv/bin/python
# The server ends with make, whatever ends make.
SERVE := exec $(if $(shell command -v setpriv),setpriv --pdeathsig TERM --) $(IN_VENV) -m lootlink.serve --host $(HOST) --port $(PORT)

# An empty SECRET_KEY counts as none: the machine's own is made once and kept.
ifeq ($(SECRET_KEY)$(SECRET_KEY_FILE),)
export SECRET_KEY_FILE := $(CURDIR)/var/secret_key
KEY := var/secret_key
endif
ifeq ($(SITE_URL),)
export SITE_URL := http://127.0.0.1:$(PORT)
endif

.PHONY: run migrate demo worker test drill bench check audit backup restore stack

run: .venv/.site $(KEY)
	@$(IN_VENV) manage.py prepare --demo
	@$(SERVE) \
		--notice 'Open $(SITE_URL)/ and log in as prodavec or pokupatel, password lootlink-demo. Ctrl-C stops.'

migrate: .venv/.site $(KEY)
	@$(IN_VENV) manage.py prepare

demo: .venv/.site $(KEY)
	@$(IN_VENV) manage.py demo

worker: .venv/.site $(KEY)
	@$(SERVE)

# make backup TO=folder, make restore FROM=file
backup: .venv/.site $(KEY)
	@$(IN_VENV) manage.py backup $(if $(TO),--to '$(TO)') $(ARGS)

restore: .venv/.site $(KEY)
	@$(IN_VENV) manage.py restore '$(FROM)' $(ARGS)

# Both runs, whatever the first one says. What brings databases of its own, or needs none, is run once.
ONCE := bench drills stack
test: .venv/.tests
	@status=0; \
	echo 'On SQLite, without Redis:'; \
	$(IN_VENV) -m pytest --db=sqlite -n 2 --dist loadfile -m 'not browser and not cluster' $(ONCE:%=--ignore=%) || status=1; \
	echo 'On PostgreSQL and Redis, with Chromium:'; \
	$(IN_VENV) -m pytest --db=postgres -n 2 --dist loadfile || status=1; \
	exit $$status

# make drill NAMES="F2 F12" ARGS=--quick
drill: .venv/.tests
	@$(IN_VENV) -m drills $(ARGS) $(NAMES)

# make bench NAMES="chat50 latency" ARGS=--quick
bench: .venv/.tests
	@$(IN_VENV) -m bench $(ARGS) $(NAMES)

# make stack PORT=8000, or ARGS=--check
stack: .venv/.tests
	@exec $(if $(shell command -v setpriv),setpriv --pdeathsig TERM --) $(IN_VENV) -m stack --port $(PORT) $(ARGS)

gallery: .venv/.tests
	@$(IN_VENV) -m tests.gallery var/gallery $(ARGS)

check: .venv/.tests $(KEY)
	$(IN_VENV) -m ruff check .
	$(IN_VENV) -m ruff format --check .
	.venv/bin/djlint templates --lint --quiet
	$(IN_VENV) manage.py makemigrations --check --dry-run
	SITE_URL=https://lootlink.example $(IN_VENV) manage.py check --deploy --fail-level WARNING

# Needs the network: where the advisory service can't be reached it says "not audited" and fails.
audit:
	@$(PYTHON) scripts/audit requirements.txt requirements-dev.txt

.venv/.site: requirements.txt
	@scripts/venv $(PYTHON) $<
	@touch $@

.venv/.tests: requirements-dev.txt
	@scripts/venv $(PYTHON) $<
	@touch $@ .venv/.site

var/secret_key: | .venv/.site
	@mkdir -p var
	@umask 077 && $(IN_VENV) -c 'import secrets; print(secrets.token_urlsafe(48), end="")' > $@.new && mv $@.new $@
