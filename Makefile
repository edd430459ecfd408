# Each job is one command, for developers and for the gate. Each recipe can also be run by hand.

.PHONY: demo test ui interop openapi bless bless-allocations \
    lint features deny minimum minimum-version imports names prose chaos fuzz doc bench table scaling instructions service plots flame peers builds compile check

# Runs the quickstart: a real model calls a Rust function and reports its result. Downloads the weights on the first run.
demo:
	cargo run --example quickstart

# Runs all tests.
test:
	cargo test --workspace --all-features

# Tests the compile errors of invalid declarations, and declarations that must compile.
ui:
	cargo test -p agno-tests --test ui --test features --test chapter --test pass

# Tests against third-party software: a mock of several providers with fault injection, and the types of the official SDKs.
# Uses the same build as `make test`, so that nothing is built twice.
interop:
	python3 scripts/interop/run.py --workspace --all-features

# Validates requests against OpenAI's published description of its API: `make openapi FILE=openapi.json`. Uses the build of
# `make test`.
openapi:
	@test -f "$(FILE)" || { echo "FILE=\"$(FILE)\" is not a file; run \`make openapi FILE=path\`"; exit 2; }
	mkdir -p "$(or $(CARGO_TARGET_DIR),target)"
	OPENAI_OPENAPI="$(abspath $(FILE))" cargo test --workspace --all-features --test providers -- --ignored \
	    --exact responses::spec::requests_match_openais_specification | tee "$(or $(CARGO_TARGET_DIR),target)/openapi.log"
	grep -q "1 passed" "$(or $(CARGO_TARGET_DIR),target)/openapi.log"

# Regenerates every file that a test compares with and lists the changed files; review the diff before you commit it.
bless:
	python3 scripts/bless.py

# Regenerates only the allocation counts.
bless-allocations:
	python3 scripts/bless.py allocations

lint:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --all-features -- -D warnings

# Checks the published crates with each feature alone and with none, with warnings denied. Features that begin with `__` are
# private and never used alone; `make lint` checks all features together.
features:
	python3 scripts/tools/run.py hack clippy -p agno -p agno-macros -p agno-gguf -p agno-sqlite --each-feature \
	    --exclude-features __http,__api,__embed --exclude-all-features --keep-going -- -D warnings

# Checks licenses, duplicates and sources of the dependency tree, without network access. An entry of deny.toml that matches
# nothing is an error.
deny:
	python3 scripts/tools/run.py deny --all-features --offline check \
	    -D unmatched-skip -D license-exception-not-encountered licenses bans sources

# Checks the crate with the oldest compiler that the manifest allows, which must be installed with rustup. Uses a separate
# target directory, so that the two compilers do not overwrite each other's files.
MINIMUM = $(shell sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
minimum-version:
	@echo $(MINIMUM)
minimum:
	cargo +$(MINIMUM) check --locked -p agno --target-dir target/minimum
	cargo +$(MINIMUM) check --locked -p agno --all-features --target-dir target/minimum

# Checks the imports between the directories of agno/src.
imports:
	python3 scripts/imports.py --self-test
	python3 scripts/imports.py

# Checks that the old names of renamed identifiers are not in use.
names:
	python3 scripts/names.py

# Checks prose: openings of summaries, words in comments and messages, American spelling, and commit subjects.
# `python3 scripts/prose.py --list` shows the lines.
prose:
	python3 scripts/prose.py --self-test
	python3 scripts/prose.py --rule openings --check --list
	python3 scripts/prose.py --rule words --check --list
	python3 scripts/prose.py --rule messages --check --list
	python3 scripts/prose.py --rule spelling --check --list
	python3 scripts/prose.py --commits

# Runs hundreds of sessions over a loopback provider that fails at random, and checks invariants. Prints figures and a seed.
MINUTES = 1
chaos:
	cargo build --quiet -p agno-tests --bin chaos --all-features
	target/debug/chaos --seconds $$((60 * $(MINUTES)))

# Mutates the inputs in tests/fuzz/corpus for each fuzz target. Stores inputs that cause a panic
# or take longer than 2 s in target/fuzz.
fuzz:
	cargo build --quiet -p agno-tests --bin fuzz --all-features
	target/debug/fuzz --seconds $$((60 * $(MINUTES)))

doc:
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --all-features -p agno -p agno-macros -p agno-gguf -p agno-sqlite

bench:
	cargo bench -p agno-benches

table:
	cargo run --release -p agno-benches --bin table

# Prints the throughput by thread count.
scaling:
	cargo run --release -p agno-benches --bin table -- scaling

# Counts the instructions of each case with valgrind; fails if a count exceeds the recorded one by more than 2%.
# `scripts/instructions.py --bless` records new counts.
instructions:
	python3 scripts/instructions.py

# Measures the overhead of agno in a service: latency at 10,000 requests per second, and memory with 10,000 runs in flight.
service:
	python3 scripts/service.py

# Plots the tables.
plots:
	mkdir -p target/plots
	cargo run --release -p agno-benches --bin table > target/plots/table.tsv
	cargo run --release -p agno-benches --bin table -- scaling > target/plots/scaling.tsv
	python3 scripts/plots.py --table target/plots/table.tsv --scaling target/plots/scaling.tsv

# Draws a flame graph of a case; requires perf. Only agno and the benches are built with line numbers.
CASE = run, one call
flame:
	cargo build --release -p agno-benches --bin table --target-dir target/profiling \
	    --config 'profile.release.package.agno.debug=1' --config 'profile.release.package.agno-benches.debug=1'
	perf record -e cpu-clock -F 5000 --call-graph dwarf,8192 -o target/profiling/perf.data \
	    target/profiling/release/table one "$(CASE)" static 600000
	perf script -i target/profiling/perf.data -F comm,ip,sym \
	    | python3 scripts/flame.py --title "$(CASE)" --out docs/performance/flame.svg

# Measures the same work in other frameworks, in one process. A separate workspace keeps their crates out of every other build.
# rig declares a newer compiler than it requires, hence `--ignore-rust-version`.
peers:
	cargo run --release --ignore-rust-version --manifest-path benches/peers/Cargo.toml

# Measures the build time of agno and of rig, and the cost of each feature; takes an hour.
builds:
	python3 scripts/builds.py --into PERFORMANCE.md

# Measures the compile time of declarations; takes a quarter of an hour.
compile:
	cargo run --release -p agno-benches --bin compile

# The gate.
check:
	bash .ci/run
