#!/bin/sh
# test: every check of the project, from a clean clone, on SQLite and PostgreSQL, under sanitizers and in a browser.
# Ends with the plain line "N passed, N failed".
set -u
passed=0
failed=0
log=${TMPDIR:-/tmp}/diemcau-test.$$
mkdir -p "$log"
trap 'sh tools/postgres.sh stop "$log/pg" >/dev/null 2>&1; rm -rf "$log"' EXIT

say() { printf '\n== %s\n' "$*"; }

# one NAME COMMAND...: a check that passes or fails as a whole
one() {
    name=$1; shift
    if "$@" >"$log/one" 2>&1; then
        passed=$((passed + 1)); printf 'ok    %s\n' "$name"
    else
        failed=$((failed + 1)); printf 'FAIL  %s\n' "$name"; tail -n 40 "$log/one"
    fi
}

# suite NAME DIR [meson test arguments]: counts the sentences of each test program
suite() {
    name=$1; dir=$2; shift 2
    say "$name"
    meson test -C "$dir" --no-rebuild --print-errorlogs --logbase "log-$$" "$@" >"$log/suite" 2>&1
    code=$?
    text="$dir/meson-logs/log-$$.txt"
    ok=$(grep -c '^\[       OK \] ' "$text" 2>/dev/null)
    bad=$(sed -n 's/^\[  FAILED  \] \([a-zA-Z0-9_]*\)$/\1/p' "$text" 2>/dev/null | sort -u | wc -l)
    [ "$code" -ne 0 ] && [ "$bad" -eq 0 ] && bad=1
    passed=$((passed + ${ok:-0})); failed=$((failed + bad))
    if [ "$code" -ne 0 ]; then tail -n 120 "$log/suite"; else printf 'ok    %s sentences\n' "${ok:-0}"; fi
}

configure() { # configure DIR OPTIONS...: sets up once, then builds
    dir=$1; shift
    [ -f "$dir/build.ninja" ] || meson setup "$dir" "$@" >"$log/setup" 2>&1 || { cat "$log/setup"; return 1; }
    ninja -C "$dir" --quiet
}

say "Folders in flow order"
one "src/order.txt is kept" sh -c 'awk -f tools/check_order.awk src/order.txt $(git ls-files "src/*.c" "src/*.h" "src/*.html")'

say "Builds"
one "gcc" configure build --buildtype=debugoptimized
suite "Tests on SQLite" build

one "a temporary PostgreSQL" sh tools/postgres.sh start "$log/pg" fsync=off
if [ -f "$log/pg/url" ]; then
    DIEMCAU_TEST_DATABASE=$(cat "$log/pg/url"); export DIEMCAU_TEST_DATABASE
    suite "Tests on PostgreSQL" build --suite store --timeout-multiplier 4
    unset DIEMCAU_TEST_DATABASE
fi

one "clang with AddressSanitizer and UndefinedBehaviorSanitizer" env CC=clang sh -c '[ -f build-asan/build.ninja ] ||
    meson setup build-asan --buildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false -Dwerror=false
    ninja -C build-asan --quiet'
# The power losses are counted on the plain build; here a few hundred show that nothing is read out of bounds.
DIEMCAU_POWER_LOSSES=500; export DIEMCAU_POWER_LOSSES
suite "Tests under sanitizers" build-asan --timeout-multiplier 4
unset DIEMCAU_POWER_LOSSES

say "Papers read"
one "the reader on papers of many offices, as text and as Word files" sh tools/papers/floor.sh build
one "what is no paper is sent back in one sentence that names the file" sh tools/papers/refused.sh build
one "what was read stands where the reader says" python3 tools/papers/spans.py build/diemcau src/reader/testdata/papers/*/*.txt

say "The roll on a device, without a browser"
one "the roll's rule, queue and receipts" node e2e/roll_core_test.js

# Strict clang and races at once: all of clang's warnings are errors here, and the programs with threads are watched.
one "clang with ThreadSanitizer, strictly" env CC=clang sh -c '[ -f build-tsan/build.ninja ] ||
    meson setup build-tsan --buildtype=debugoptimized -Db_sanitize=thread -Db_lundef=false
    ninja -C build-tsan --quiet diemcau server_test hostile_test framing_test tls_test store_test kill_test history_test'
say "Tests of what has threads, under ThreadSanitizer"
for program in server_test hostile_test framing_test tls_test kill_test history_test store_test; do
    one "$program" timeout 300 build-tsan/$program
done

say "Journeys in the browser"
for journey in e2e/*_journey.js; do
    [ -e "$journey" ] || continue
    one "$(basename "$journey" _journey.js)" node "$journey"
done

printf '\n%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
