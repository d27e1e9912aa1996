#!/usr/bin/env bash
# Runs `flowverdict gate` with the inputs of the GitHub Action (action.yml), which come as environment variables: one
# value per line, so that nothing of them is ever read by a shell.
set -euo pipefail

arguments=()

# add OPTION VALUES: the option once for every line that is not blank; without OPTION, the lines alone.
add() {
  local line
  while IFS= read -r line; do
    line="${line%$'\r'}"
    if [ -z "${line//[[:space:]]/}" ]; then continue; fi
    if [ -n "$1" ]; then arguments+=("$1=$line"); else arguments+=("$line"); fi
  done <<<"$2"
}

add --rules "${GATE_RULES:-}"
add --candidate "${GATE_CANDIDATE:-}"
add --edit "${GATE_EDIT:-}"
add --fail-on "${GATE_FAIL_ON:-}"
add --assert "${GATE_ASSERT:-}"
add "" "${GATE_ARGUMENTS:-}"
arguments+=(--)
add "" "${GATE_LOGS:-}"

program="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/dist/cli/main.js"
exec node "$program" gate --format github --no-config "${arguments[@]}"
