# Everything that CI checks.
check: format lint docs test

format:
    cargo fmt --all --check

lint:
    cargo clippy --all-targets -- -D warnings

docs:
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --document-private-items

test:
    cargo test

# Renew the expected output of the command line's cases; look at the diff.
cases:
    TRYCMD=overwrite cargo test --test cmd
    sed -i -E 's/in [0-9.]+ s\./in [..] s./; s/を [0-9.]+ 秒/を [..] 秒/; s/"seconds":[0-9.]+/"seconds":[..]/; s/"fingerprint":"[^"]*"/"fingerprint":"[..]"/' tests/cmd/*.stdout

# Licences, sources and duplicate versions of dependencies (needs cargo-deny).
deny:
    cargo deny check bans licenses sources

# Speed, in memory and stage by stage: see docs/performance.md.
bench:
    cargo bench

# The watch under load: 50 000 files in one go, and the time from close to finding.
watch-load:
    SEKISHO_FULL=1 cargo test --test watch -- --nocapture --test-threads 1 burst close asleep

# Tables in parquet files, which only a build with that feature reads.
parquet:
    cargo clippy --all-targets --features parquet -- -D warnings
    cargo test --features parquet --test parquet

# Remake the committed fixtures that need LibreOffice, Chromium, TeX or Python packages.
fixtures:
    python3 tests/fixtures/make.py

# Let a fuzz target run for a minute (needs nightly and cargo-fuzz).
fuzz target:
    cargo +nightly fuzz run {{target}} -- -max_total_time=60
