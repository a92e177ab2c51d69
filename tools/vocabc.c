/*
 * vocabc: makes C of the reader's vocabulary (src/reader/vocabulary/NAME.txt) while building.
 *
 *     vocabc OUT.c FILE...      const struct vocabulary vocabulary_NAME = { rows in order of their keys, len };
 *
 * A line is a phrase, or phrases parted by '|', then '=' and what they stand for; "#" begins a remark. Phrases are cut
 * into words by the reader's own code, so that they compare as the texts of papers do.
 */
#include "base/env.h"
#include "reader/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 4000, LINE_BYTES = 1000, ARENA_BYTES = 64 << 20 };

struct rows {
    struct arena arena;
    struct {
        struct str phrase, value;
    } at[ROWS_MAX];
    size_t len;
};

static void stop(const char *what, const char *which)
{
    fprintf(stderr, "vocabc: %s: %s\n", what, which);
    exit(1);
}

static void add(struct rows *rows, struct str phrase, struct str value)
{
    struct words words = words_of(&rows->arena, phrase);
    struct buf key;
    buf_init(&key, &rows->arena);
    for (size_t i = 0; i < words.len; i++) {
        if (i > 0)
            buf_put_char(&key, ' ');
        buf_put(&key, words.at[i].key);
    }
    if (words.len == 0)
        return;
    if (rows->len == ROWS_MAX)
        stop("too many rows", "raise ROWS_MAX");
    rows->at[rows->len].phrase = buf_str(&key);
    rows->at[rows->len].value = str_copy(&rows->arena, value);
    rows->len++;
}

static void read_list(struct rows *rows, const char *path)
{
    char line[LINE_BYTES];
    FILE *in = fopen(path, "r");
    if (!in)
        stop("cannot read", path);
    while (fgets(line, sizeof line, in)) {
        struct str rest = str_trim(str_from(line));
        if (rest.len == 0 || str_starts(rest, STR("#")))
            continue;
        struct str phrases = str_cut(&rest, '=');
        while (phrases.len > 0)
            add(rows, str_trim(str_cut(&phrases, '|')), str_trim(rest));
    }
    fclose(in);
}

/* As words_in reads them: word by word, a shorter phrase before the longer ones that begin with it. */
static int compare(const void *a, const void *b)
{
    struct str left = *(const struct str *)a, right = *(const struct str *)b;
    while (left.len > 0 && right.len > 0) {
        int order = str_compare(str_cut(&left, ' '), str_cut(&right, ' '));
        if (order != 0)
            return order;
    }
    return (left.len > 0) - (right.len > 0);
}

static void put_c(FILE *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '"' || text.at[i] == '\\')
            fputc('\\', out);
        fputc(text.at[i], out);
    }
}

static void write_list(FILE *out, struct rows *rows, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    int len = (int)strcspn(base, ".");
    qsort(rows->at, rows->len, sizeof rows->at[0], compare);
    fprintf(out, "static const struct vocabulary_row %.*s[] = {\n", len, base);
    size_t kept = 0;
    for (size_t i = 0; i < rows->len; i++) {
        bool is_again = i > 0 && str_eq(rows->at[i].phrase, rows->at[i - 1].phrase);
        if (is_again && !str_eq(rows->at[i].value, rows->at[i - 1].value))
            stop("stands for two things", str_to_c(&rows->arena, rows->at[i].phrase));
        if (is_again)
            continue;
        fprintf(out, "    { \"");
        put_c(out, rows->at[i].phrase);
        fprintf(out, "\", \"");
        put_c(out, rows->at[i].value);
        fprintf(out, "\" },\n");
        kept++;
    }
    fprintf(out, "};\nconst struct vocabulary vocabulary_%.*s = { %.*s, %zu };\n\n", len, base, len, base, kept);
}

int main(int argc, char **argv)
{
    static struct rows rows;
    if (argc < 3)
        stop("usage", "vocabc OUT.c FILE...");
    FILE *out = fopen(argv[1], "w");
    if (!out)
        stop("cannot write", argv[1]);
    fprintf(out, "/* Made by tools/vocabc.c. */\n#include \"reader/words.h\"\n\n");
    arena_init(&rows.arena, env_real(), ARENA_BYTES);
    for (int i = 2; i < argc; i++) {
        rows.len = 0;
        read_list(&rows, argv[i]);
        write_list(out, &rows, argv[i]);
    }
    arena_end(&rows.arena);
    return fclose(out) == 0 ? 0 : 1;
}
