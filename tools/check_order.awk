# check_order: a folder of src/ may include only itself and folders above it in src/order.txt, so that no cycles are
# possible. Tests may also use check/.   awk -f tools/check_order.awk src/order.txt FILES...
FILENAME == ARGV[1] { place[$1] = FNR; next }
FNR == 1 {
    split(FILENAME, part, "/")
    room = part[2]
    is_test = FILENAME ~ /_test\.c$/
    if (!(room in place)) { printf "%s: folder %s is not in %s\n", FILENAME, room, ARGV[1]; bad = 1 }
}
/^(#|%%)[ ]*include "/ {
    split($0, quoted, "\"")
    if (split(quoted[2], part, "/") < 2) next
    other = part[1]
    if (!(other in place)) next
    if (is_test && other == "check") next
    if (place[other] > place[room]) {
        printf "%s:%d: %s stands above %s in %s and may not include it\n", FILENAME, FNR, room, other, ARGV[1]
        bad = 1
    }
}
END { exit bad }
