/*
 * wordsc: makes the list of words that carry no password (src/account/password_words.h) from what the program has
 * anyway: the names of all provinces and communes, the parts of people's names, the words of posts, and a short list of
 * habits of our own. Runs while building, so that a new unit or name is on the list without anybody thinking of it.
 *
 *     wordsc habits.txt address.json names.csv positions.csv password_made.c
 *
 * Each is folded: small letters, no diacritics, nothing but letters and digits.
 */
#include "base/env.h"
#include "viet/viet.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 30000, LINE_BYTES = 1000, MADE_LEN_MIN = 4, LEN_MAX = 40 };

struct words {
    struct arena arena;
    struct str *at;
    size_t len;
};

static void stop(const char *what, const char *which)
{
    fprintf(stderr, "wordsc: %s: %s\n", what, which);
    exit(1);
}

static void add(struct words *words, struct str text, size_t len_min)
{
    struct buf word;
    struct str folded = viet_fold(&words->arena, text);
    buf_init(&word, &words->arena);
    for (size_t i = 0; i < folded.len; i++)
        if ((folded.at[i] >= 'a' && folded.at[i] <= 'z') || (folded.at[i] >= '0' && folded.at[i] <= '9'))
            buf_put_char(&word, folded.at[i]);
    if (word.len < len_min || word.len > LEN_MAX)
        return;
    if (words->len == WORDS_MAX)
        stop("too many words", "raise WORDS_MAX");
    words->at[words->len++] = buf_str(&word);
}

static FILE *open_list(const char *path)
{
    FILE *in = fopen(path, "r");
    if (!in)
        stop("cannot read", path);
    return in;
}

/* Words of habit, parted by blanks; "#" begins a remark. They may be short. */
static void add_habits(struct words *words, const char *path)
{
    char line[LINE_BYTES];
    FILE *in = open_list(path);
    while (fgets(line, sizeof line, in)) {
        struct str rest = str_trim(str_from(line));
        if (str_starts(rest, STR("#")))
            continue;
        while (rest.len > 0)
            add(words, str_cut(&rest, ' '), 2);
    }
    fclose(in);
}

/* "Xã Bình Minh" gives xabinhminh and binhminh. */
static void add_unit(struct words *words, struct str name)
{
    static const struct str kinds[] = { STR_INIT("Xã "),  STR_INIT("Phường "),    STR_INIT("Đặc khu "),
                                        STR_INIT("Tỉnh "), STR_INIT("Thành phố ") };
    add(words, name, MADE_LEN_MIN);
    for (size_t i = 0; i < LEN(kinds); i++)
        if (str_starts(name, kinds[i]))
            add(words, str_sub(name, kinds[i].len, SIZE_MAX), MADE_LEN_MIN);
}

static void add_units(struct words *words, const json_t *value)
{
    const char *key = NULL;
    json_t *item = NULL;
    size_t i = 0;
    if (json_is_object(value)) {
        json_object_foreach((json_t *)(uintptr_t)value, key, item)
        {
            if (strcmp(key, "name") == 0 && json_is_string(item))
                add_unit(words, str_from(json_string_value(item)));
            else
                add_units(words, item);
        }
    } else if (json_is_array(value)) {
        json_array_foreach(value, i, item) add_units(words, item);
    }
}

static void add_unit_file(struct words *words, const char *path)
{
    json_error_t error;
    json_t *root = json_load_file(path, 0, &error);
    if (!root)
        stop(path, error.text);
    add_units(words, root);
    json_decref(root);
}

/* Each part of a name, and family names with the middle names nearly everybody of an age has. */
static void add_names(struct words *words, const char *path)
{
    char line[LINE_BYTES];
    FILE *in = open_list(path);
    while (fgets(line, sizeof line, in)) {
        struct str rest = str_trim(str_from(line));
        struct str part = str_cut(&rest, ',');
        (void)str_cut(&rest, ',');
        (void)str_cut(&rest, ',');
        struct str name = str_copy(&words->arena, str_cut(&rest, ','));
        add(words, name, MADE_LEN_MIN);
        if (!str_eq(part, STR("family")))
            continue;
        add(words, str_format(&words->arena, STR_FMT "van", STR_ARG(name)), MADE_LEN_MIN);
        add(words, str_format(&words->arena, STR_FMT "thi", STR_ARG(name)), MADE_LEN_MIN);
    }
    fclose(in);
}

/* "Phó Bí thư Đảng ủy" gives phobithudanguy; its parts stand among the habits. */
static void add_posts(struct words *words, const char *path)
{
    char line[LINE_BYTES];
    FILE *in = open_list(path);
    while (fgets(line, sizeof line, in)) {
        struct str rest = str_trim(str_from(line));
        bool is_quoted = str_starts(rest, STR("\""));
        if (is_quoted)
            rest = str_sub(rest, 1, SIZE_MAX);
        struct str title = str_cut(&rest, is_quoted ? '"' : ',');
        while (title.len > 0)
            add(words, str_cut(&title, ','), MADE_LEN_MIN);
    }
    fclose(in);
}

static int compare(const void *a, const void *b)
{
    const struct str *left = a;
    const struct str *right = b;
    size_t len = left->len < right->len ? left->len : right->len;
    int order = memcmp(left->at, right->at, len);
    return order != 0 ? order : (left->len > right->len) - (left->len < right->len);
}

static void write_all(const struct words *words, const char *path)
{
    FILE *out = fopen(path, "w");
    size_t longest = 0;
    if (!out)
        stop("cannot write", path);
    fprintf(out, "/* Made by tools/wordsc.c. */\n#include \"account/password_words.h\"\n\n"
                 "const char *const password_words[] = {\n");
    size_t len = 0;
    for (size_t i = 0; i < words->len; i++) {
        if (i > 0 && str_eq(words->at[i], words->at[i - 1]))
            continue;
        fprintf(out, "    \"" STR_FMT "\",\n", STR_ARG(words->at[i]));
        longest = words->at[i].len > longest ? words->at[i].len : longest;
        len++;
    }
    fprintf(out, "};\nconst size_t password_words_len = %zu;\nconst size_t password_word_len_max = %zu;\n", len, longest);
    if (fclose(out) != 0)
        stop("cannot write", path);
}

int main(int argc, char **argv)
{
    enum { ARENA_BYTES = 64 << 20 };
    struct words words = { .len = 0 };
    if (argc != 6)
        stop("usage", "wordsc habits.txt address.json names.csv positions.csv password_made.c");
    arena_init(&words.arena, env_real(), ARENA_BYTES);
    words.at = ARENA_NEW_ARRAY(&words.arena, struct str, WORDS_MAX);
    add_habits(&words, argv[1]);
    add_unit_file(&words, argv[2]);
    add_names(&words, argv[3]);
    add_posts(&words, argv[4]);
    qsort(words.at, words.len, sizeof *words.at, compare);
    write_all(&words, argv[5]);
    arena_end(&words.arena);
    return 0;
}
