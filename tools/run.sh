#!/bin/sh
# run: makes the demo installation when there is none, serves it, and plays the class against it at a visible pace.
#   ./dev run [--scale small|province|nation] [--clock yyyy-mm-ddThh:mm] [--port N] [--fresh] [--quiet]
set -eu
scale=nation
clock=2026-05-20T08:30
port=8080
fresh=""
quiet=""
while [ $# -gt 0 ]; do
    case $1 in
    --scale) scale=$2; shift 2 ;;
    --clock) clock=$2; shift 2 ;;
    --port) port=$2; shift 2 ;;
    --fresh) fresh=yes; shift ;;
    --quiet) quiet=yes; shift ;;
    *) echo "Cách dùng: ./dev run [--scale small|province|nation] [--clock yyyy-mm-ddThh:mm] [--port N] [--fresh] [--quiet]" >&2; exit 2 ;;
    esac
done

data=run/$scale
mkdir -p run
[ -z "$fresh" ] || rm -rf "$data"
if [ ! -e "$data/accounts.txt" ]; then
    rm -rf "$data"
    build/diemcau demo --data "$data" --scale "$scale" --clock "$clock"
fi

url=http://127.0.0.1:$port
# The line test's echo of picture and sound, where Debian's Janus is installed; without it the other figures are measured.
echo_options=""
sh tools/janus.sh start "$PWD/run/janus" || true
[ ! -f run/janus/url ] || echo_options="--janus $(cat run/janus/url) --janus-secret run/janus/secret"
# shellcheck disable=SC2086
build/diemcau serve --data "$data" --listen "127.0.0.1:$port" --clock "$clock" $echo_options &
server=$!
rehearsal=""
trap 'kill $server $rehearsal 2>/dev/null; sh tools/janus.sh stop "$PWD/run/janus"; wait $server 2>/dev/null' EXIT INT TERM

# Wait until it answers, or until it has gone.
until node -e 'require("http").get(process.argv[1]+"/healthz",r=>process.exit(r.statusCode===200?0:1)).on("error",()=>process.exit(1))' "$url" 2>/dev/null; do
    kill -0 $server 2>/dev/null || exit 4
done

printf '\n  Điểm Cầu đang chạy: %s\n\n' "$url"
cat "$data/accounts.txt"
printf '\n  Dừng: Ctrl+C\n\n'
if [ -z "$quiet" ]; then
    build/diemcau rehearse --url "$url" --players "$data/players.txt" --pace visible &
    rehearsal=$!
fi
wait $server
