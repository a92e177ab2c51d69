#!/bin/sh
# bench of the reader: how well it reads papers it was tuned on and papers it was not, in every form they arrive in, and
# how long one takes. Beside the plans stand the labels of src/reader/testdata/papers; tools/papers makes the files.
#   bench/reader.sh [text] [docx] [pdf] [scan]     all four without a word
# BUILD: the folder of the build. SETS: folders of papers. WRONG=1: every value that is not right. KEEP: keep the plans there.
set -eu
build=${BUILD:-build}
sets=${SETS:-"src/reader/testdata/papers/tuning src/reader/testdata/papers/held"}
forms=${*:-"text docx pdf scan"}
work=${KEEP:-$(mktemp -d "${TMPDIR:-/tmp}/diemcau-reader.XXXXXX")}
[ -n "${KEEP:-}" ] || trap 'rm -rf "$work"' EXIT INT TERM
# Scans need the picture library, which the system's own Python has when another one comes first in the path.
python=${PYTHON:-python3}
"$python" -c 'import PIL, numpy' 2>/dev/null || { [ -x /usr/bin/python3 ] && python=/usr/bin/python3; }

make_files() { # make_files SET FORM INTO: the files of one form; where they are kept, they are made once
    mkdir -p "$3"
    [ "$2" = text ] || [ -z "$(ls "$3")" ] || return 0
    case $2 in
    text) cp "$1"/*.txt "$3" ;;
    *) "$python" tools/papers/make.py "$2" "$1" "$3" ;;
    esac
}

read_files() { # read_files FILES PLANS: a plan of each, and the milliseconds it took
    mkdir -p "$2"
    for file in "$1"/*; do
        name=$(basename "$file"); name=${name%.*}
        before=$(date +%s%N)
        code=0
        "$build/diemcau" plan read "$file" --json >"$2/$name.json" 2>"$2/$name.err" || code=$?
        echo "$name $(($(date +%s%N) - before)) $code"
    done >"$2/times"
    awk '{ ms = $2 / 1000000; all += ms; if (ms > most) { most = ms; name = $1 } if ($3) { bad = bad " " $1 "(" $3 ")" } }
        END { printf "one file %.0f ms in the mean, %.0f ms at most (%s)%s\n", all / NR, most, name, bad ? "; refused:" bad : "" }' "$2/times"
}

for set in $sets; do
    [ -n "$(find "$set" -name '*.src' 2>/dev/null | head -n 1)" ] || { echo "$set: no papers here"; continue; }
    for form in $forms; do
        here="$work/$(basename "$set")/$form"
        printf '\n== %s as %s\n' "$(basename "$set")" "$form"
        make_files "$set" "$form" "$here/files"
        read_files "$here/files" "$here/plans"
        python3 tools/papers/score.py "$set" "$here/plans" --fields ${WRONG:+--wrong}
    done
done
