#!/bin/sh
# The reader reads at least as well as it did: fails when the mean F1 of the papers it is tuned on, as text or as Word
# files, or the precision of their dates, counts and numbers, falls under the floor. Where the five real papers of the
# reference lie beside the checkout, they are measured too.
#   tools/papers/floor.sh BUILD
set -u
build=$1
papers=src/reader/testdata/papers/tuning
floor=0.96
precision=0.98
work=$(mktemp -d "${TMPDIR:-/tmp}/diemcau-floor.XXXXXX")
trap 'rm -rf "$work"' EXIT INT TERM
bad=0

measure() { # measure NAME FILES LABELS FLOOR ENDING
    mkdir -p "$work/$1"
    for file in "$2"/*."$5"; do
        name=$(basename "$file"); name=${name%.*}
        "$build/diemcau" plan read "$file" --json >"$work/$1/$name.json" 2>"$work/said" ||
            echo "$1: $name is refused: $(head -n 1 "$work/said")"
    done
    echo "== $1"
    python3 tools/papers/score.py "$3" "$work/$1" --fail-under "$4" --precision-under "$precision" || bad=1
}

python3 tools/papers/check.py "$papers" || bad=1
python3 tools/papers/make.py docx "$papers" "$work/word" || bad=1
measure text "$papers" "$papers" $floor txt
measure word "$work/word" "$papers" $floor docx
shared=${DIEMCAU_SHARED:-../shared}
if [ -d "$shared/seeds" ] && [ -d "$shared/reference/plan-gold" ]; then
    measure seeds "$shared/seeds" "$shared/reference/plan-gold" $floor txt
    python3 tools/papers/agree.py "$shared/tools" "$shared/reference/plan-gold" "$papers" || bad=1
fi
exit $bad
