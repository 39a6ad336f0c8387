# Every task of the project; `./just` lists them.

export WEB_SKIP := env("WEB_SKIP", "1")

_list:
    @just --list --unsorted

# Serve on 127.0.0.1:8080 with SQLite under ./data.
run *args:
    cargo run --release -p directory-sync -- serve {{ args }}

# Everything: format, lints, tests on SQLite and PostgreSQL, console.
test:
    tools/test

# The fast loop: format, types, tests that need no PostgreSQL.
check:
    cargo fmt --all --check
    cargo check --workspace --all-targets
    cargo nextest run --workspace -E 'not test(postgresql)'

# Bring all code into form.
fmt:
    cargo fmt --all

# Serve with four sample tenants whose IdPs' conversations are played.
demo *args:
    cargo run --release -p directory-sync -- --data data/demo demo {{ args }}

# Requests per second and their times through the SCIM door, on both databases.
bench *args:
    cargo build --release -p directory-sync --bins
    rm -rf target/bench && RUST_LOG=error target/release/bench --data target/bench {{ args }}
    RUST_LOG=error tools/postgres sh -c 'DIRECTORY_SYNC_DATABASE_URL=$TEST_DATABASE_URL target/release/bench --data target/bench-pg {{ args }}'
    rm -rf target/bench target/bench-pg
