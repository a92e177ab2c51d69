#!/bin/sh
# janus: a small Janus gateway for the line test's echo, on the loopback interface and with a secret of its own.
#   janus.sh start DIR     writes DIR/url and DIR/secret when it answers; does nothing where Janus is not installed
#   janus.sh stop DIR
# Only the EchoTest plug-in and the HTTP interface are loaded; media take UDP ports 20000-20500.
set -eu
action=$1
dir=$2
case $action in
start)
    program=$(command -v janus) || exit 0
    plugins=$(dirname "$(find /usr/lib -name libjanus_echotest.so 2>/dev/null | head -n 1)")
    transports=$(dirname "$(find /usr/lib -name libjanus_http.so 2>/dev/null | head -n 1)")
    [ -d "$plugins" ] && [ -d "$transports" ] || exit 0
    mkdir -p "$dir/conf" "$dir/plugins" "$dir/transports" "$dir/none"
    rm -f "$dir/url"
    ln -sf "$plugins/libjanus_echotest.so" "$dir/plugins/"
    ln -sf "$transports/libjanus_http.so" "$dir/transports/"
    port=$((30000 + $$ % 10000))
    (umask 077; od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$dir/secret")
    (umask 077; cat >"$dir/conf/janus.jcfg" <<END
general: {
    configs_folder = "$dir/conf"
    plugins_folder = "$dir/plugins"
    transports_folder = "$dir/transports"
    events_folder = "$dir/none"
    loggers_folder = "$dir/none"
    debug_level = 2
    api_secret = "$(cat "$dir/secret")"
    session_timeout = 60
}
media: { rtp_port_range = "20000-20500" }
nat: { ice_lite = false }
END
    cat >"$dir/conf/janus.transport.http.jcfg" <<END
general: { json = "plain", base_path = "/janus", http = true, port = $port, ip = "127.0.0.1", https = false }
admin: { admin_http = false, admin_https = false }
END
    : >"$dir/conf/janus.plugin.echotest.jcfg")
    "$program" -F "$dir/conf" >"$dir/log" 2>&1 </dev/null &
    echo $! >"$dir/pid"
    # Until it answers, or has gone: the programs that follow do without it.
    while kill -0 "$(cat "$dir/pid")" 2>/dev/null; do
        if node -e 'require("http").get(process.argv[1],r=>process.exit(r.statusCode===200?0:1)).on("error",()=>process.exit(1))' \
            "http://127.0.0.1:$port/janus/info" 2>/dev/null; then
            printf 'http://127.0.0.1:%s/janus\n' "$port" >"$dir/url"
            exit 0
        fi
    done
    ;;
stop)
    [ ! -f "$dir/pid" ] || kill "$(cat "$dir/pid")" 2>/dev/null || true
    rm -f "$dir/pid" "$dir/url"
    ;;
esac
