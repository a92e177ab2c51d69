#!/bin/sh
# bench: the figures we hold ourselves to, on this machine. Times are ratios within one run: these machines are noisy.
#   ./dev bench [sqlite|postgresql]
set -eu
engine=${1:-sqlite}
build=build-release
work=$(mktemp -d "${TMPDIR:-/tmp}/diemcau-bench.XXXXXX")
chmod 755 "$work"
server=""
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; sh tools/postgres.sh stop "$work/pg" 2>/dev/null || true; rm -rf "$work"' EXIT INT TERM

say() { printf '\n== %s\n' "$*"; }
database=""
if [ "$engine" = postgresql ]; then
    sh tools/postgres.sh start "$work/pg"
    database="--database $(cat "$work/pg/url")"
fi

say "preparing the nation ($engine)"
# shellcheck disable=SC2086
$build/bench/prepare --data "$work/data" $database --papers "${PAPERS:-120}"
total=$(wc -l <"$work/data/requests.txt")
part=$((total / 6))

start_server() {
    # shellcheck disable=SC2086
    $build/diemcau serve --data "$work/data" $database --listen 127.0.0.1:0 2>"$work/log" &
    server=$!
    port=""
    while [ -z "$port" ]; do
        kill -0 "$server"
        port=$(sed -n 's/.* port=\([0-9]*\).*/\1/p' "$work/log")
    done
}

field() { sed -n "s/.*\"$1\":\([0-9.]*\).*/\1/p" "$2"; }

start_server
say "a durable acknowledgement against /healthz of the same server in the same run"
from=1
for connections in 64 128 256 1000; do
    $build/bench/load --port "$port" --connections $connections --seconds 4 --get /healthz >"$work/health"
    sed -n "${from},$((from + part - 1))p" "$work/data/requests.txt" >"$work/part"
    from=$((from + part))
    $build/bench/load --port "$port" --connections $connections --seconds 8 --requests "$work/part" >"$work/post" || true
    awk -v c=$connections -v h="$(field rate "$work/health")" -v p="$(field rate "$work/post")" -v p99="$(field p99_ms "$work/post")" \
        -v ok="$(field class3 "$work/post")" -v all="$(field answered "$work/post")" \
        'BEGIN { printf "%5d connections: healthz %7d/s  acknowledgement %6d/s  ratio %.2f  p99 %.1f ms  %d of %d answered 303\n", c, h, p, p / h, p99, ok, all }'
done

say "4,000 open boards while facts arrive at full speed"
before=$(awk '/VmRSS/ {print $2}' "/proc/$server/status")
sed -n "${from},$((from + part - 1))p" "$work/data/requests.txt" >"$work/part"
from=$((from + part))
$build/bench/load --port "$port" --connections 256 --seconds 8 --requests "$work/part" >"$work/without" || true
sed -n "${from},$((from + part - 1))p" "$work/data/requests.txt" >"$work/part"
$build/bench/load --port "$port" --connections 256 --seconds 8 --requests "$work/part" --boards "$work/data/boards.txt" --boards-len 4000 >"$work/with" &
client=$!
sleep 2.5
with_boards=$(awk '/VmRSS/ {print $2}' "/proc/$server/status")
wait $client || true
awk -v w="$(field rate "$work/without")" -v b="$(field rate "$work/with")" -v e="$(field events "$work/with")" \
    -v p99="$(field screen_p99_ms "$work/with")" -v n="$(field screen_len "$work/with")" -v kb="$(((with_boards - before)))" \
    'BEGIN { printf "without %d/s, with %d/s: %.2f; %d events; answer to screen p99 %.0f ms over %d; %.1f KB a board\n", w, b, b / w, e, p99, n, kb / 4000 }'
printf 'server memory: %d MB before the boards, %d MB with them\n' $((before / 1024)) $((with_boards / 1024))

kill -TERM "$server"
wait "$server" 2>/dev/null || true
server=""
say "batches of the writer"
grep ' writer ' "$work/log" | sed 's/.*writer //'
# shellcheck disable=SC2086
$build/diemcau check --data "$work/data" $database
