/*
 * embed_sql: makes a C file of the migrations while building. embed_sql OUT.c NNNN_name.sql ...
 * The list is in the order of the numbers; a number stands once.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_DIGITS = 4 };

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static int compare_paths(const void *left, const void *right)
{
    const char *const *a = left;
    const char *const *b = right;
    return strcmp(base_name(*a), base_name(*b));
}

static int give_up(const char *path, const char *why)
{
    fprintf(stderr, "embed_sql: %s: %s\n", path, why);
    return 1;
}

static int put_text(FILE *out, const char *path)
{
    FILE *in = fopen(path, "r");
    if (!in)
        return give_up(path, strerror(errno));
    fputs("    STR_INIT(\"", out);
    for (int c = fgetc(in); c != EOF; c = fgetc(in)) {
        if (c == '\n')
            fputs("\\n\"\n             \"", out);
        else if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else
            fputc(c, out);
    }
    fputs("\") },\n", out);
    int failed = ferror(in);
    fclose(in);
    return failed ? give_up(path, "cannot be read") : 0;
}

static int put_all(FILE *out, char **paths, int len)
{
    long before = 0;
    /* A room's tables are one text, longer than ISO C promises; our compilers take it. */
    fputs("#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n", out);
    fputs("#include \"store/inside.h\"\n\nconst struct migration migration_list[] = {\n", out);
    for (int i = 0; i < len; i++) {
        const char *name = base_name(paths[i]);
        char *end = NULL;
        long number = strtol(name, &end, 10);
        if (end - name != NUMBER_DIGITS || *end != '_' || number <= before)
            return give_up(paths[i], "the name must be NNNN_name.sql with a number of its own");
        fprintf(out, "  { %ld, \"%s\",\n", number, name);
        if (put_text(out, paths[i]) != 0)
            return 1;
        before = number;
    }
    fputs("};\nconst size_t migration_list_len = LEN(migration_list);\n", out);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return give_up("usage", "embed_sql OUT.c NNNN_name.sql ...");
    qsort(argv + 2, (size_t)(argc - 2), sizeof *argv, compare_paths);
    FILE *out = fopen(argv[1], "w");
    if (!out)
        return give_up(argv[1], strerror(errno));
    int failed = put_all(out, argv + 2, argc - 2);
    if (fclose(out) != 0)
        failed = give_up(argv[1], strerror(errno));
    return failed;
}
