#!/bin/sh
# postgres: a throwaway PostgreSQL on a local socket for tests and benchmarks.
#   postgres.sh start DIR [SETTING=VALUE...]   starts one whose data is in DIR; writes its address to DIR/url
#   postgres.sh stop DIR
set -eu
action=$1
dir=$2
shift 2
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)

# PostgreSQL refuses to run as root: the package's own user runs it then.
as_owner() {
    if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

case $action in
start)
    mkdir -p "$dir"
    [ "$(id -u)" = 0 ] && chown postgres "$dir" && chmod 755 "$(dirname "$dir")"
    as_owner "$bin/initdb" -D "$dir/data" -A trust -U diemcau -E UTF8 --locale=C >/dev/null
    # A port of its own names the socket; nothing listens on the network.
    port=$((20000 + $$ % 20000))
    # Without autovacuum: it would note that tables emptied between two tests are empty, and plans made on that belief
    # read whole tables in the next one. Statistics are made by the program itself where it matters.
    settings="-c autovacuum=off"
    for setting in "$@"; do settings="$settings -c $setting"; done
    as_owner "$bin/pg_ctl" -D "$dir/data" -w -t 60 -l "$dir/log" \
        -o "-k $dir -p $port -c listen_addresses='' -c max_connections=100 -c diemcau.keep_schemas=on $settings -c shared_buffers=128MB" start >/dev/null
    as_owner "$bin/createdb" -h "$dir" -p "$port" -U diemcau diemcau
    printf 'postgresql://diemcau@/diemcau?host=%s&port=%s\n' "$dir" "$port" >"$dir/url.new"
    mv "$dir/url.new" "$dir/url"
    ;;
stop)
    [ -d "$dir/data" ] && as_owner "$bin/pg_ctl" -D "$dir/data" -m fast stop >/dev/null
    ;;
esac
