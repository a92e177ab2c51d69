#!/bin/sh
# What cannot be read is sent back: exit code 3, nothing on the output, and one sentence on the errors that names the file.
#   tools/papers/refused.sh BUILD
set -u
build=$1
paper=src/reader/testdata/papers/tuning/t01_ubnd_tiep_cong_dan
work=$(mktemp -d "${TMPDIR:-/tmp}/diemcau-refused.XXXXXX")
trap 'rm -rf "$work"' EXIT INT TERM
mkdir "$work/source" "$work/bad"
cp "$paper.src" "$work/source/"
python3 tools/papers/make.py docx "$work/source" "$work/word" || exit 1
word=$(echo "$work"/word/*.docx)
bytes=$(wc -c <"$word")

: >"$work/bad/empty.docx"
printf x >"$work/bad/one_byte.txt"
printf '%%PDF-1.4' >"$work/bad/head_alone.pdf"
printf '\211PNG\r\n\032\n' >"$work/bad/head_alone.png"
printf 'Đá bóng chiều nay, ai đi thì nhắn.\n' >"$work/bad/message.txt"
printf 'TUYỆT MẬT\n\n' | cat - "$paper.txt" >"$work/bad/secret.txt"
cat "$paper.txt" "$paper.txt" >"$work/bad/two_papers.txt"
for part in 1 2 3; do head -c $((bytes * part / 4)) "$word" >"$work/bad/cut_$part.docx"; done
python3 - "$word" "$work/bad" <<'END' || exit 1
import sys, zipfile
word = zipfile.ZipFile(sys.argv[1])
head = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
for name, change in (("document_type", lambda xml: head + xml[xml.index(b"?>") + 2:]), ("half", lambda xml: xml[:len(xml) // 2])):
    with zipfile.ZipFile("%s/%s.docx" % (sys.argv[2], name), "w", zipfile.ZIP_DEFLATED) as out:
        for part in word.namelist():
            out.writestr(part, change(word.read(part)) if part == "word/document.xml" else word.read(part))
END

bad=0
count=0
for file in "$work"/bad/*; do
    code=0
    "$build/diemcau" plan read "$file" --json >"$work/out" 2>"$work/said" || code=$?
    lines=$(wc -l <"$work/said")
    if [ "$code" -ne 3 ] || [ -s "$work/out" ] || [ "$lines" -ne 1 ] || ! grep -qF "$file" "$work/said"; then
        echo "$(basename "$file"): exit code $code, $lines lines: $(cat "$work/said")"
        bad=1
    fi
    count=$((count + 1))
done
echo "$count files that are no papers"
[ "$count" -ge 12 ] || bad=1
exit $bad
