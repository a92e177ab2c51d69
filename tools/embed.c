/*
 * embed: makes a C file of files while building.
 *
 *     embed OUT.c HEADER TYPE NAME FILE...     const TYPE NAME[] = { { "file's name without its ending", bytes, len }, ... };
 *                                              const size_t NAME_len = ...;
 *
 * TYPE, declared in HEADER, begins with { const char *name; const char *at; size_t len; }.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

static int give_up(const char *path)
{
    fprintf(stderr, "embed: %s: %s\n", path, strerror(errno));
    return 1;
}

static int put_bytes(FILE *out, int index, const char *path)
{
    FILE *in = fopen(path, "rb");
    if (!in)
        return give_up(path);
    fprintf(out, "static const unsigned char file_%d[] = {", index);
    long len = 0;
    for (int c = fgetc(in); c != EOF; c = fgetc(in), len++)
        fprintf(out, "%s%d,", len % 24 ? "" : "\n", c);
    fprintf(out, "0};\n");
    int failed = ferror(in);
    fclose(in);
    return failed ? give_up(path) : 0;
}

static void put_row(FILE *out, int index, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    const char *dot = strrchr(base, '.');
    fprintf(out, "    { \"%.*s\", (const char *)file_%d, sizeof file_%d - 1 },\n", dot ? (int)(dot - base) : (int)strlen(base),
            base, index, index);
}

int main(int argc, char **argv)
{
    if (argc < 6) {
        fputs("embed: OUT.c HEADER TYPE NAME FILE...\n", stderr);
        return 2;
    }
    FILE *out = fopen(argv[1], "w");
    if (!out)
        return give_up(argv[1]);
    fprintf(out, "#include \"%s\"\n\n", argv[2]);
    for (int i = 5; i < argc; i++)
        if (put_bytes(out, i, argv[i]) != 0)
            return 1;
    fprintf(out, "\nconst %s %s[] = {\n", argv[3], argv[4]);
    for (int i = 5; i < argc; i++)
        put_row(out, i, argv[i]);
    fprintf(out, "};\nconst size_t %s_len = %d;\n", argv[4], argc - 5);
    return fclose(out) == 0 ? 0 : give_up(argv[1]);
}
