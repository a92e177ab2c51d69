/*
 * peoplec: turns the demo's lists of names and posts (src/demo/data) into C tables. Runs while building.
 *
 *     peoplec names.csv names_mix.csv positions.csv people_data.c
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CELLS = 7, LINE_BYTES = 1000 };

static void stop(const char *what, const char *which)
{
    fprintf(stderr, "peoplec: %s: %s\n", what, which);
    exit(1);
}

/* Cuts a line at its commas, in place; a cell in quotes keeps its commas. Exactly `len` cells. */
static void cut(char *line, char **cells, size_t len)
{
    char *at = line;
    line[strcspn(line, "\r\n")] = '\0';
    for (size_t i = 0; i < len; i++) {
        char end = ',';
        if (!at)
            stop("a line has too few cells", line);
        if (*at == '"') {
            at++;
            end = '"';
        }
        cells[i] = at;
        at = strchr(at, end);
        if (at)
            *at++ = '\0';
        if (at && end == '"' && *at == ',')
            at++;
        if (at && *at == '\0' && end == '"')
            at = NULL;
    }
    if (at)
        stop("a line has too many cells", line);
}

static FILE *open_list(const char *path, const char *heading)
{
    char line[LINE_BYTES];
    FILE *in = fopen(path, "r");
    if (!in || !fgets(line, sizeof line, in))
        stop("cannot read", path);
    line[strcspn(line, "\r\n")] = '\0';
    if (strcmp(line, heading) != 0)
        stop("other columns than expected", path);
    return in;
}

static void put_names(FILE *out, const char *path)
{
    char line[LINE_BYTES];
    char *c[CELLS];
    FILE *in = open_list(path, "part,gender,group,name,w_north,w_central,w_south");
    fputs("const struct demo_name demo_names[] = {\n", out);
    while (fgets(line, sizeof line, in)) {
        cut(line, c, CELLS);
        fprintf(out, "    { '%c', '%c', STR_INIT(\"%s\"), STR_INIT(\"%s\"), { %s, %s, %s } },\n", c[0][0], c[1][0], c[2],
                c[3], c[4], c[5], c[6]);
    }
    fputs("};\nconst size_t demo_names_len = LEN(demo_names);\n\n", out);
    fclose(in);
}

static void put_mix(FILE *out, const char *path)
{
    char line[LINE_BYTES];
    char *c[CELLS];
    FILE *in = open_list(path, "province_code,region,group,weight");
    fputs("const struct demo_mix demo_mixes[] = {\n", out);
    while (fgets(line, sizeof line, in)) {
        cut(line, c, 4);
        int region = strcmp(c[1], "north") == 0 ? 0 : strcmp(c[1], "central") == 0 ? 1 : 2;
        fprintf(out, "    { STR_INIT(\"%s\"), %d, STR_INIT(\"%s\"), %s },\n", c[0], region, c[2], c[3]);
    }
    fputs("};\nconst size_t demo_mixes_len = LEN(demo_mixes);\n\n", out);
    fclose(in);
}

/* Head counts have tenths at most: 0.5 is 5. */
static long tenths(const char *text)
{
    char *end = NULL;
    double value = strtod(text, &end);
    if (end == text || *end != '\0')
        stop("not a head count", text);
    return (long)(value * 10 + 0.5);
}

static void put_positions(FILE *out, const char *path)
{
    char line[LINE_BYTES];
    char *c[CELLS];
    FILE *in = open_list(path, "title,block,level,applies_to,per_unit");
    fputs("const struct demo_position demo_positions[] = {\n", out);
    while (fgets(line, sizeof line, in)) {
        cut(line, c, 5);
        fprintf(out, "    { STR_INIT(\"%s\"), STR_INIT(\"%s\"), STR_INIT(\"%s\"), STR_INIT(\"%s\"), %ld },\n", c[0],
                c[1], strcmp(c[2], "provincial") == 0 ? "province" : c[2], c[3], tenths(c[4]));
    }
    fputs("};\nconst size_t demo_positions_len = LEN(demo_positions);\n", out);
    fclose(in);
}

int main(int argc, char **argv)
{
    if (argc != 5)
        stop("usage", "peoplec names.csv names_mix.csv positions.csv people_data.c");
    FILE *out = fopen(argv[4], "w");
    if (!out)
        stop("cannot write", argv[4]);
    fputs("/* Made by tools/peoplec.c. */\n#include \"demo/people_data.h\"\n\n", out);
    put_names(out, argv[1]);
    put_mix(out, argv[2]);
    put_positions(out, argv[3]);
    if (fclose(out) != 0)
        stop("cannot write", argv[4]);
    return 0;
}
