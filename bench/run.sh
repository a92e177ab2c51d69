#!/bin/sh
# bench: the figures we hold ourselves to, on this machine. Times are ratios within one run: these machines are noisy, so
# the processor time of an acknowledgement stands beside them, which neighbours change less.
#   ./dev bench [sqlite|postgresql|class-day]     all without a word
# PAPERS: so many papers to 3,321 communes; SECONDS_EACH: of every measurement; BUILD: the folder of the build.
set -eu
build=${BUILD:-build-release}
seconds=${SECONDS_EACH:-6}
papers=${PAPERS:-120}
work=$(mktemp -d "${TMPDIR:-/tmp}/diemcau-bench.XXXXXX")
chmod 755 "$work"
server=""
port=$((20000 + $$ % 20000))
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; sh tools/postgres.sh stop "$work/pg" 2>/dev/null || true; rm -rf "$work"' EXIT INT TERM

say() { printf '\n== %s\n' "$*"; }
field() { sed -n "s/.*\"$1\":\([0-9.]*\).*/\1/p" "$2"; }
memory_mb() { awk '/VmRSS/ {printf "%d", $2 / 1024}' "/proc/$server/status"; }
wal_mb() { if [ -e "$data/diemcau.db-wal" ]; then stat -c %s "$data/diemcau.db-wal" | awk '{printf "%d", $1 / 1048576}'; else echo -; fi; }

# Processor time so far, in microseconds: of the writer, of the server with it, of PostgreSQL.
cpu() {
    cat "/proc/$server/task"/*/stat 2>/dev/null | awk '{ for (i = 1; i <= NF; i++) if ($i ~ /\)$/) { n = i; break }
        us = ($(n + 12) + $(n + 13)) * 10000; all += us; if ($2 == "(writer)") writer += us } END { printf "%d %d ", writer, all }'
    cat /proc/[0-9]*/stat 2>/dev/null | awk '$2 == "(postgres)" { us += ($14 + $15) * 10000 } END { printf "%d\n", us }'
}

start_server() {
    began=$(date +%s%N)
    # shellcheck disable=SC2086
    $build/diemcau serve --data "$data" $database --listen "127.0.0.1:$port" 2>"$work/log" &
    server=$!
    up_ms=$($build/bench/load --port "$port" --began "$began")
    up_cpu_ms=$(($(cpu | cut -d' ' -f2) / 1000))
}

stop_server() {
    kill -TERM "$server"
    wait "$server" 2>/dev/null || true
    server=""
}

take_requests() { # the next part of them, into $work/part
    sed -n "${from},$((from + part - 1))p" "$data/requests.txt" >"$work/part"
    from=$((from + part))
}

acknowledgements() {
    printf '%11s %9s %7s %6s %8s %8s %10s %10s %10s %6s %6s  %s\n' connections healthz/s ack/s ratio p50_ms p99_ms writer_us server_us database_us RSS_MB WAL_MB answered
    for connections in 64 128 256 1000; do
        $build/bench/load --port "$port" --connections $connections --seconds 3 --get /healthz >"$work/health"
        take_requests
        before=$(cpu)
        $build/bench/load --port "$port" --connections $connections --seconds "$seconds" --requests "$work/part" >"$work/post" || true
        after=$(cpu)
        echo "$before $after" | awk -v c=$connections -v h="$(field rate "$work/health")" -v p="$(field rate "$work/post")" \
            -v p50="$(field p50_ms "$work/post")" -v p99="$(field p99_ms "$work/post")" -v ok="$(field class3 "$work/post")" \
            -v all="$(field answered "$work/post")" -v rss="$(memory_mb)" -v wal="$(wal_mb)" \
            '{ printf "%11d %9d %7d %6.3f %8.1f %8.1f %10.1f %10.1f %10.1f %6d %6s  %d of %d with 303\n", c, h, p, p / h, p50, p99,
               ($4 - $1) / all, ($5 - $2) / all, ($6 - $3) / all, rss, wal, ok, all }'
    done
}

boards() {
    before=$(awk '/VmRSS/ {print $2}' "/proc/$server/status")
    take_requests
    $build/bench/load --port "$port" --connections 256 --seconds "$seconds" --requests "$work/part" >"$work/without" || true
    take_requests
    $build/bench/load --port "$port" --connections 256 --seconds "$seconds" --requests "$work/part" --boards "$data/boards.txt" --boards-len 4000 >"$work/with" &
    client=$!
    sleep 2.5
    with_boards=$(awk '/VmRSS/ {print $2}' "/proc/$server/status")
    wait $client || true
    awk -v w="$(field rate "$work/without")" -v b="$(field rate "$work/with")" -v e="$(field events "$work/with")" \
        -v p99="$(field screen_p99_ms "$work/with")" -v n="$(field screen_len "$work/with")" -v kb="$((with_boards - before))" \
        'BEGIN { printf "4,000 open boards: without %d/s, with %d/s: %.2f; %d events; answer to screen p99 %.0f ms over %d; %.1f KB a board\n", w, b, b / w, e, p99, n, kb / 4000 }'
    printf 'memory: %d MB before the boards, %d MB with them\n' $((before / 1024)) $((with_boards / 1024))
}

bench_engine() {
    engine=$1
    data=$work/$engine
    database=""
    if [ "$engine" = postgresql ]; then
        sh tools/postgres.sh start "$work/pg" wal_compression=on max_wal_size=4GB min_wal_size=1GB checkpoint_timeout=15min
        database="--database $(cat "$work/pg/url")"
    fi
    say "$engine: the nation, $papers papers"
    # shellcheck disable=SC2086
    $build/bench/prepare --data "$data" $database --papers "$papers"
    part=$(($(wc -l <"$data/requests.txt") / 6))
    from=1
    start_server
    first_ms=$up_ms
    stop_server
    start_server
    printf 'start-up: %s ms to the first answered /healthz, %s ms of it computing (%s ms the first time, when the WAL is laid out)\n' \
        "$up_ms" "$up_cpu_ms" "$first_ms"
    acknowledgements
    boards
    stop_server
    printf 'batches of the writer: '
    sed -n 's/.* writer \(jobs=.*\)/\1/p' "$work/log"
    # shellcheck disable=SC2086
    $build/diemcau check --data "$data" $database | tail -n 1
    if [ "$engine" = postgresql ]; then sh tools/postgres.sh stop "$work/pg"; fi
    rm -rf "$data"
}

case ${1:-both} in
sqlite|postgresql) bench_engine "$1" ;;
class-day) sh bench/class_day.sh "$build" sqlite ;;
both) bench_engine sqlite; bench_engine postgresql; sh bench/class_day.sh "$build" sqlite ;;
*) echo "bench [sqlite|postgresql|class-day]" >&2; exit 2 ;;
esac
