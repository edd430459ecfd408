#!/usr/bin/env bash
# Counts the crates in agno's default build (OpenAI-compatible models, including TLS and HTTP/2), and fails if there are more
# than the limit. The count includes agno itself, its macros, and all build-time crates.
set -euo pipefail
cd "$(dirname "$0")/.."
limit=90
count=$(cargo tree -p agno -e normal,build --prefix none | awk '{print $1, $2}' | sort -u | wc -l)
echo "$count crates in the default build (limit $limit)"
[ "$count" -le "$limit" ]
