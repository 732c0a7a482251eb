# Two stages: pip and its caches stay in the first. The image writes nothing but /data, so it runs read-only.
# The base is pinned by tag; whoever builds with a network should add the digest that they have reviewed.
FROM python:3.13-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /watchword
COPY requirements.lock .
RUN python -m venv /watchword/.venv \
    && .venv/bin/python -m pip install --no-deps --only-binary :all: --require-hashes -r requirements.lock
COPY LICENSE .
COPY seeds seeds
COPY rules rules
COPY bot bot
RUN .venv/bin/python -m compileall -q bot rules

FROM python:3.13-slim-bookworm
RUN groupadd --system --gid 10001 watchword \
    && useradd --system --uid 10001 --gid watchword --no-create-home --shell /usr/sbin/nologin watchword \
    && install --directory --owner=watchword --group=watchword /data
COPY --from=build /watchword /watchword
# The page listens on all of the container's addresses, so it needs WATCHWORD_HTTP_TOKEN; compose.yaml publishes it on
# the host's 127.0.0.1 only.
ENV PATH=/watchword/.venv/bin:$PATH \
    PYTHONPATH=/watchword \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    WATCHWORD_DATA=/data \
    WATCHWORD_HTTP_HOST=0.0.0.0
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8484
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-P", "-m", "bot", "healthcheck"]
ENTRYPOINT ["python", "-P", "-m", "bot"]
CMD ["run"]
