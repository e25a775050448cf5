# The image of every Doudi process: `doudi run SERVICE api`, `doudi run SERVICE worker`, and what
# an operator types. Its dependencies are those of requirements/runtime.txt, hash by hash.
FROM python:3.11.14-slim-bookworm

ENV PYTHONPATH=/opt/doudi PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /opt/doudi

COPY requirements/runtime.txt requirements/
RUN pip install --require-hashes --no-deps -r requirements/runtime.txt

RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin doudi \
    && install -d -o doudi -g doudi -m 700 /var/lib/doudi /run/doudi/service-secrets \
    && printf '#!/bin/sh\nexec python -P -m infra.cli "$@"\n' > /usr/local/bin/doudi \
    && chmod 755 /usr/local/bin/doudi

COPY shared shared
COPY services services
COPY infra infra
RUN python -m compileall -q shared services infra

USER doudi
ENTRYPOINT ["doudi"]
