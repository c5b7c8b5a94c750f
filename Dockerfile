FROM python:3.13.9-slim-trixie AS packages
COPY requirements.txt /
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes --no-deps -r /requirements.txt

FROM python:3.13.9-slim-trixie
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
# pg_dump, as new as the database. Debian keeps one release of it, and no older one to pin.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin lootlink \
    && install -d -o lootlink /srv/var /srv/var/static /srv/var/media /srv/var/backups
WORKDIR /srv
COPY --from=packages /venv /venv
COPY manage.py ./
COPY lootlink lootlink
COPY apps apps
COPY consumers consumers
COPY templates templates
COPY static static
COPY locale locale
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live/', timeout=4)"]
CMD ["python", "-m", "lootlink.serve", "--host", "0.0.0.0", "--port", "8000"]
