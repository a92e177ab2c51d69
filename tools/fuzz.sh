#!/bin/sh
# fuzz: hunts with every target of fuzz/ for the given seconds each (60 when none are given), under AddressSanitizer and
# UndefinedBehaviorSanitizer, from the corpus in git. What leads to new code comes into the corpus, small: each new input
# is first cut down, and only what reaches code that no other input reaches is kept.
#   ./dev fuzz [SECONDS] [TARGET...]
# A finding stops its target, is left in build-fuzz/found/ and makes the whole end with 1. Put it into the corpus with the
# mend: `meson test` replays every corpus.
set -u
seconds=60
case "${1:-}" in
'' | *[!0-9]*) ;;
*) seconds=$1; shift ;;
esac
dir=build-fuzz
[ -f $dir/build.ninja ] ||
    CC=clang meson setup $dir --buildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false -Dwerror=false -Dfuzzer=true >/dev/null || exit 4
targets=${*:-$(ls fuzz/*_fuzz.c | sed 's|fuzz/||; s|_fuzz\.c||')}
# shellcheck disable=SC2046
ninja -C $dir --quiet $(for target in $targets; do echo "fuzz/${target}_hunt"; done) || exit 4
mkdir -p $dir/found
failed=0
for target in $targets; do
    work=$dir/work-$target
    corpus=fuzz/corpus/$target
    mkdir -p "$work" "$corpus"
    before=$(ls "$corpus" | wc -l)
    printf '%-16s ' "$target"
    if ! $dir/fuzz/"${target}"_hunt -max_total_time="$seconds" -max_len=65536 -timeout=5 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix=$dir/found/"$target"- "$work" "$corpus" >$dir/found/"$target".log 2>&1; then
        failed=1
        echo "FOUND something, see $dir/found/$target.log"
        continue
    fi
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' $dir/found/"$target".log)
    # Only what adds coverage to the corpus comes over; the rest of the hunt is forgotten.
    $dir/fuzz/"${target}"_hunt -merge=1 -max_len=65536 "$corpus" "$work" >$dir/found/"$target".merge.log 2>&1
    rm -rf "$work"
    echo "$executions executions, corpus $before -> $(ls "$corpus" | wc -l)"
done
exit $failed
