#!/bin/sh
# class_day: the figures of a class's day on this machine, over real HTTP, with the nation's 3,356 points.
#   sh bench/class_day.sh [build folder] [sqlite|postgresql]
# 1. single marks against /healthz of the same server; 2. marks with 4,000 boards open: answer to screen; 3. the whole two
# days as devices send them, heads in one burst, and every number of every board checked.
set -eu
build=${1:-build-release}
engine=${2:-sqlite}
work=$(mktemp -d "${TMPDIR:-/tmp}/diemcau-day.XXXXXX")
chmod 755 "$work"
server=""
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; sh tools/postgres.sh stop "$work/pg" 2>/dev/null || true; rm -rf "$work"' EXIT INT TERM
clock=2026-05-22T13:50
serve_at=2026-05-22T14:10 # the last campaign has opened: a test before its hour would not count
database=""
if [ "$engine" = postgresql ]; then
    sh tools/postgres.sh start "$work/pg"
    database="--database $(cat "$work/pg/url")"
fi

say() { printf '\n== %s\n' "$*"; }
field() { sed -n "s/.*\"$1\":\([0-9.]*\).*/\1/p" "$2"; }

say "the nation's demo on the eve of the class ($engine)"
# shellcheck disable=SC2086
$build/diemcau demo --data "$work/data" $database --scale nation --clock $clock
# shellcheck disable=SC2086
$build/diemcau serve --data "$work/data" $database --listen 127.0.0.1:0 --clock $serve_at 2>"$work/log" &
server=$!
port=""
while [ -z "$port" ]; do
    kill -0 "$server"
    port=$(sed -n 's/.* port=\([0-9]*\).*/\1/p' "$work/log")
done
$build/diemcau rehearse --url "http://127.0.0.1:$port" --officers "$work/data/officers.txt" --pace full --export "$work" >/dev/null
total=$(wc -l <"$work/requests.txt")
part=$((total / 5))

say "a single mark (the page's own form) against /healthz of the same server in the same run"
from=1
for connections in 64 256; do
    $build/bench/load --port "$port" --connections $connections --seconds 4 --get /healthz >"$work/health"
    sed -n "${from},$((from + part - 1))p" "$work/requests.txt" >"$work/part"
    from=$((from + part))
    $build/bench/load --port "$port" --connections $connections --seconds 8 --requests "$work/part" >"$work/post" || true
    awk -v c=$connections -v h="$(field rate "$work/health")" -v p="$(field rate "$work/post")" -v p99="$(field p99_ms "$work/post")" \
        -v ok="$(field class3 "$work/post")" -v all="$(field answered "$work/post")" \
        'BEGIN { printf "%5d connections: healthz %7d/s  marks %6d/s  ratio %.2f  p99 %.1f ms  %d of %d answered 303\n", c, h, p, p / h, p99, ok, all }'
done

say "marks while 4,000 boards of communes are open"
sed -n "${from},$((from + part - 1))p" "$work/requests.txt" >"$work/part"
$build/bench/load --port "$port" --connections 64 --seconds 8 --requests "$work/part" --boards "$work/boards.txt" --boards-len 4000 >"$work/with" || true
awk -v b="$(field rate "$work/with")" -v e="$(field events "$work/with")" -v p99="$(field screen_p99_ms "$work/with")" \
    -v n="$(field screen_len "$work/with")" \
    'BEGIN { printf "%d marks/s, %d events; from the answer to the screen p99 %.0f ms over %d\n", b, e, p99, n }'

say "two days at full speed: heads in one burst, 400,000 marks in batches, every board checked"
$build/diemcau rehearse --url "http://127.0.0.1:$port" --officers "$work/data/officers.txt" --pace full --batch 30 --connections 32
awk '/VmRSS/ { printf "server memory: %d MB\n", $2 / 1024 }' "/proc/$server/status"
kill -TERM "$server"
wait "$server" 2>/dev/null || true
server=""
