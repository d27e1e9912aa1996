# The command line in an image. Build: docker build -t flowverdict .
# Run: docker run --rm --network none -v "$PWD:/data:ro" flowverdict evaluate logs/ --rules account/
FROM node:24-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm pack --pack-destination /tmp

FROM node:24-slim
COPY --from=build /tmp/flowverdict-*.tgz /tmp/
RUN npm install --global --no-audit --no-fund /tmp/flowverdict-*.tgz && rm /tmp/flowverdict-*.tgz
USER node
WORKDIR /data
ENTRYPOINT ["flowverdict"]
CMD ["--help"]
