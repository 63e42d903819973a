# Nguồn in a container: `docker build -t nguon .`; compose.yaml runs it beside PostgreSQL.

FROM python:3.12-slim AS build
WORKDIR /src
RUN python -m venv /opt/nguon && python -m venv /opt/build
COPY requirements requirements
RUN /opt/nguon/bin/pip install --no-cache-dir --require-hashes -r requirements/run.txt \
 && /opt/build/bin/pip install --no-cache-dir --require-hashes -r requirements/build.txt
COPY . .
# Every package is already there, pinned: nothing may be fetched for the wheel itself.
RUN /opt/build/bin/python -m hatchling build --target wheel --directory /wheel \
 && /opt/nguon/bin/pip install --no-cache-dir --no-index --no-deps /wheel/*.whl

FROM python:3.12-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends libzbar0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --user-group --home-dir /data --no-create-home --shell /usr/sbin/nologin nguon \
 && install -d -o nguon -g nguon /data
COPY --from=build /opt/nguon /opt/nguon
ENV PATH=/opt/nguon/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    NGUON_DATA=/data
USER nguon
WORKDIR /data
VOLUME /data
EXPOSE 8000
# The first start migrates a large database before it answers, hence the long grace.
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["nguon"]
CMD ["start", "--no-demo", "--host", "0.0.0.0", "--port", "8000"]
