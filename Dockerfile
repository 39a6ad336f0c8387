# Builds the server and puts it alone into a small image.
FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
RUN WEB_SKIP=1 cargo build --release --locked -p directory-sync --bin directory-sync

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
