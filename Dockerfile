# Builds the server with its console and puts it alone into a small image.
FROM node:20-bookworm-slim AS node

FROM rust:1.95-bookworm AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /src
COPY . .
RUN cargo build --release --locked --bin directory-sync

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /var/lib/directory-sync directory-sync
COPY --from=build /src/target/release/directory-sync /usr/local/bin/directory-sync
USER directory-sync
ENV DIRECTORY_SYNC_DATA=/var/lib/directory-sync DIRECTORY_SYNC_LISTEN=0.0.0.0:8080
VOLUME /var/lib/directory-sync
EXPOSE 8080
ENTRYPOINT ["directory-sync"]
CMD ["serve"]
