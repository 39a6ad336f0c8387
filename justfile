# Every task of the project; `./just` lists them.

_list:
    @{{ just_executable() }} --list --unsorted

# Serve on 127.0.0.1:8080 with SQLite under ./data; prints the address and a one-time link for the first operator.
run *args:
    cargo run --release --bin directory-sync -- serve {{ args }}

# Everything: format, lints, tests on SQLite and PostgreSQL, the console, journeys in a real browser.
test:
    tools/test

# Pictures of every screen in both schemes and at both widths, in e2e/results/screens.
screens:
    cargo build --workspace --bin directory-sync
    cd e2e && E2E_LOOKS=all npx playwright test screens

# What takes long: thousands of cases, large groups, many rounds of kill -9, on both databases.
soak:
    tools/soak

# Search for input that breaks a parser: `fuzz 60` gives each target a minute, `fuzz 600 filter` one of them ten.
fuzz *args:
    tools/fuzz {{ args }}

# The fast loop: format, types, tests that need no PostgreSQL.
check:
    cargo fmt --all --check
    cargo check --workspace --all-targets
    cargo nextest run --workspace -E 'not test(postgresql)'
    cd web && npm run --silent check

# Bring all code into form.
fmt:
    cargo fmt --all
    cd web && npm run --silent format

# Write openapi.json and the console's types of the API anew.
openapi:
    cargo build --workspace --bin directory-sync
    target/debug/directory-sync openapi > openapi.json
    cd web && npm run --silent generate

# Clients made of openapi.json by generators, in Python and Rust, each reading a tenant.
clients:
    cargo build --workspace --bin directory-sync
    tools/clients

# Serve with four sample tenants whose IdPs' conversations are played.
demo *args:
    cargo run --release --bin directory-sync -- --data data/demo demo {{ args }}

# `bench --feed` measures only how soon an app hears that somebody was deactivated, `--neighbours` what tenants notice of others, `--roles` a role given to 100,000.
# Requests per second and their times on both databases, without and with row-level security; authentication; neighbours; the feed; roles; shared commits.
bench *args:
    cargo build --release --bins
    rm -rf target/bench && RUST_LOG=error target/release/bench --data target/bench {{ args }}
    RUST_LOG=error tools/postgres sh -c 'DIRECTORY_SYNC_DATABASE_URL=$TEST_DATABASE_URL target/release/bench --data target/bench-pg {{ args }} && \
        DIRECTORY_SYNC_DATABASE_URL=$WALLED_DATABASE_URL DIRECTORY_SYNC_MIGRATION_URL=$WALLED_MIGRATION_URL \
        target/release/bench --data target/bench-pg --row-level-security true {{ args }}'
    rm -rf target/bench target/bench-pg
