# One command a job, the same here and in the gate. Each line can be typed by hand.

.PHONY: demo test ui interop openapi bless bless-allocations \
    lint features deny minimum minimum-version imports names prose doc bench table scaling instructions service plots flame peers builds compile check

# A real model answers, calls a Rust function and tells what it returned. Fetches the weights the first time.
demo:
	cargo run --example quickstart

# Everything that must hold.
test:
	cargo test --workspace --all-features

# What a user sees when a declaration is wrong, and what must be let through.
ui:
	cargo test -p agno-tests --test ui --test features --test chapter --test pass

# Against what others wrote: a mock of several providers with its faults switched on, and the types of the official SDKs. The
# same build as `make test` makes, so that nothing is built twice.
interop:
	python3 scripts/interop/run.py --workspace --all-features

# Holds requests to OpenAI's published description of its API: `make openapi FILE=openapi.json`. The same build as `make test`.
openapi:
	@test -f "$(FILE)" || { echo "FILE does not name a file; run \`make openapi FILE=path\`"; exit 2; }
	OPENAI_OPENAPI="$(abspath $(FILE))" cargo test --workspace --all-features --test providers -- --ignored \
	    --exact responses::spec::requests_are_as_openai_describes_them | tee /dev/stderr | grep -q "1 passed"

# Rewrites every generated file and prints which ones changed; read the difference before committing it.
bless:
	python3 scripts/bless.py

# Rewrites the allocation counts only.
bless-allocations:
	python3 scripts/bless.py allocations

lint:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --all-features -- -D warnings

# Each feature of the published crates alone, and none, with warnings denied. Features that begin with `__` are private and never
# alone; all features together are what `make lint` checks.
features:
	python3 scripts/tools/run.py hack clippy -p agno -p agno-macros -p agno-gguf --each-feature \
	    --exclude-features __http,__api,__embed --exclude-all-features --keep-going -- -D warnings

# Licenses, duplicates and sources of the dependency tree, without network access; a line of deny.toml that matches nothing fails.
deny:
	python3 scripts/tools/run.py deny --all-features --offline check \
	    -D unmatched-skip -D license-exception-not-encountered licenses bans sources

# A build by the oldest compiler that the manifest allows, which rustup has to have. In a target folder of its own, so that
# two compilers do not rebuild each other's files.
MINIMUM = $(shell sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
minimum-version:
	@echo $(MINIMUM)
minimum:
	cargo +$(MINIMUM) check --locked -p agno --target-dir target/minimum
	cargo +$(MINIMUM) check --locked -p agno --all-features --target-dir target/minimum

# The allowed arrows between the folders of agno/src.
imports:
	python3 scripts/imports.py --self-test
	python3 scripts/imports.py

# Identifiers that were renamed and must not come back.
names:
	python3 scripts/names.py

# Counts doc comments that open with a word the style forbids; `python3 scripts/prose.py --list` shows them.
prose:
	python3 scripts/prose.py --self-test
	python3 scripts/prose.py

doc:
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --all-features -p agno -p agno-macros -p agno-gguf

bench:
	cargo bench -p agno-benches

table:
	cargo run --release -p agno-benches --bin table

# How runs get more with more threads.
scaling:
	cargo run --release -p agno-benches --bin table -- scaling

# Instructions of each case by valgrind; fails where there are 2 % more than written down. `scripts/instructions.py --bless`
# writes them down.
instructions:
	python3 scripts/instructions.py

# What agno adds to a service: latency at 10,000 requests a second, memory of 10,000 runs in flight.
service:
	python3 scripts/service.py

# Pictures of what the table prints.
plots:
	mkdir -p target/plots
	cargo run --release -p agno-benches --bin table > target/plots/table.tsv
	cargo run --release -p agno-benches --bin table -- scaling > target/plots/scaling.tsv
	python3 scripts/plots.py --table target/plots/table.tsv --scaling target/plots/scaling.tsv

# Where the time of a case goes, as a picture; needs perf. Line numbers for agno without building everything anew.
CASE = run, one call
flame:
	cargo build --release -p agno-benches --bin table --target-dir target/profiling \
	    --config 'profile.release.package.agno.debug=1' --config 'profile.release.package.agno-benches.debug=1'
	perf record -e cpu-clock -F 5000 --call-graph dwarf,8192 -o target/profiling/perf.data \
	    target/profiling/release/table one "$(CASE)" static 600000
	perf script -i target/profiling/perf.data -F comm,ip,sym \
	    | python3 scripts/flame.py --title "$(CASE)" --out docs/performance/flame.svg

# The same work in other frameworks, in one process; a workspace of its own, so that their crates are in no other build. rig asks
# for a newer compiler than it needs.
peers:
	cargo run --release --ignore-rust-version --manifest-path benches/peers/Cargo.toml

# What a build costs, beside rig's, and what each feature adds; takes an hour.
builds:
	python3 scripts/builds.py --into PERFORMANCE.md

# What declarations cost the compiler; takes a quarter of an hour.
compile:
	cargo run --release -p agno-benches --bin compile

# The gate.
check:
	bash .ci/run
