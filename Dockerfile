# A server for tests in any language: docker run -p 8069:8069 -e MOCKSERVER_FIXTURES=sale odoo-mockserver
FROM python:3.13-slim AS build

WORKDIR /source
COPY pyproject.toml setup.cfg setup.py README.md LICENSE odoo_mockserver.py ./
COPY mockserver mockserver
COPY fixtures fixtures
RUN python -m venv /opt/mockserver \
    && /opt/mockserver/bin/pip install --no-cache-dir --disable-pip-version-check '.[images]'


FROM python:3.13-slim

LABEL org.opencontainers.image.title="odoo-mockserver" \
      org.opencontainers.image.description="A stateful mock of Odoo's external API" \
      org.opencontainers.image.licenses="MIT"

COPY --from=build /opt/mockserver /opt/mockserver
# every option of `mockserver serve` is a variable: --control-token is MOCKSERVER_CONTROL_TOKEN
ENV PATH="/opt/mockserver/bin:$PATH" \
    PYTHONUNBUFFERED=1 \
    MOCKSERVER_HOST=0.0.0.0 \
    MOCKSERVER_PORT=8069

# fixtures of your own are mounted here; the user may read them and write nothing
WORKDIR /fixtures
USER 10001:10001
EXPOSE 8069

# the server listens once its data are loaded, so any answer is a good one, also the 404 where the control API is off
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --start-interval=1s --retries=3 \
    CMD ["python", "-c", "import os, sys, http.client as h; c = h.HTTPConnection('127.0.0.1', int(os.environ['MOCKSERVER_PORT']), timeout=2); c.request('GET', '/_mock/ready'); sys.exit(c.getresponse().status >= 500)"]

ENTRYPOINT ["mockserver"]
CMD ["serve"]
