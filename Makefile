# One command a job, the same here and in the gate. Each line can be typed by hand.

.PHONY: demo test ui foreign bless lint doc bench table peers builds compile check

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
foreign:
	python3 scripts/foreign/run.py --workspace --all-features

# Writes what the compiler says now into the .stderr files and the chapter; read the difference before committing it.
bless:
	TRYBUILD=overwrite cargo test -p agno-tests --test ui --test features
	TRYBUILD=overwrite cargo test -p agno-tests --test chapter

lint:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --all-features -- -D warnings

doc:
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --all-features -p agno -p agno-macros

bench:
	cargo bench -p agno-benches

table:
	cargo run --release -p agno-benches --bin table

# The same work in other frameworks, in one process; a workspace of its own, so that their crates are in no other build. rig asks
# for a newer compiler than it needs.
peers:
	cargo run --release --ignore-rust-version --manifest-path benches/peers/Cargo.toml

# What a build costs, beside rig's, and what each feature adds; takes an hour.
builds:
	python3 scripts/builds.py

# What declarations cost the compiler; takes a quarter of an hour.
compile:
	cargo run --release -p agno-benches --bin compile

# What the gate runs.
check:
	bash .ci/run
