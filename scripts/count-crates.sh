#!/usr/bin/env bash
# Counts the crates of agno's default build (OpenAI-compatible models, TLS and HTTP/2 included) and fails above the limit. The
# count includes agno itself, its macros and every build-time crate.
set -euo pipefail
cd "$(dirname "$0")/.."
limit=90
count=$(cargo tree -p agno -e normal,build --prefix none | awk '{print $1, $2}' | sort -u | wc -l)
echo "$count crates in the default build (limit $limit)"
[ "$count" -le "$limit" ]
