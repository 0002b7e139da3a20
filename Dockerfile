# The harness with a browser. Reports appear in the folder mounted at /work:
#   docker build -t authjs-conformance .
#   docker run --rm --network host -v "$PWD:/work" authjs-conformance run --url http://localhost:3000
#   docker run --rm -p 3301:3301 -p 3302:3302 authjs-conformance mocks --host 0.0.0.0 --port 3301 --carrier-port 3302
FROM node:24-bookworm-slim

RUN apt-get update \
 && apt-get install -y --no-install-recommends chromium fonts-dejavu-core tini \
 && rm -rf /var/lib/apt/lists/*

WORKDIR /opt/authjs-conformance
COPY . .
# Node is the one of the image: the pinned one of the repository is a development dependency.
RUN npm ci --omit=dev --no-audit --no-fund \
 && npm cache clean --force \
 && ln -s /opt/authjs-conformance/harness/bin.js /usr/local/bin/authjs-conformance \
 && chmod +x harness/bin.js

# Chromium's own sandbox needs rights that containers do not give; checks only open the app under test.
ENV CONFORMANCE_BROWSER=/usr/bin/chromium \
    NODE_OPTIONS=--disable-warning=ExperimentalWarning

USER node
WORKDIR /work
ENTRYPOINT ["tini", "--", "authjs-conformance"]
CMD ["--help"]
