#!/usr/bin/env bash
# The whole check, in the active environment: lint, types, tests, generated documents.  Runs every step, then fails if
# one failed.  Arguments go to pytest.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

failed=()
step() {
  local name=$1
  shift
  printf '\n== %s: %s\n' "$name" "$*"
  "$@" || failed+=("$name")
}

step lint ruff check .
step format ruff format --check .
step types mypy
# A test that hangs shows every thread's stack and fails, and the run goes on.
step tests python -m pytest -n "${IVY_TEST_WORKERS:-2}" -m "not slow" --timeout 600 --timeout-method thread "$@"
step docs python scripts/tables.py --check

if [ ${#failed[@]} -gt 0 ]; then
  printf '\nfailed: %s\n' "${failed[*]}" >&2
  exit 1
fi
printf '\nall passed\n'
