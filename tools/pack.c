/*
 * pack: puts the files that pages load into the program.
 *
 *     pack OUT.c app.css=PATH fonts/a.woff2=PATH ...
 *
 * The address of a file holds a digest of its content. A style sheet names other assets by their
 * plain names, as url("fonts/a.woff2"), a script as import('./a.js'), from './a.js' or asset('./a.js') and a
 * manifest as "src": "./a.png", both from the folder they stand in; those become addresses too, so
 * an asset stands on the command line after what it names. Text is compressed here, once, as well
 * as it can be.
 */
#include "base/env.h"
#include "base/str.h"

#include <brotli/encode.h>
#include <sodium.h>
#include <zlib.h>

enum { FILE_BYTES_MAX = 4 << 20, ASSETS_MAX = 64, DIGEST_BYTES = 5 };

struct packed {
    struct str name;
    struct str url;
    const char *content_type;
    struct str plain;
    struct str gzip;
    struct str brotli;
};

struct packer {
    struct arena arena;
    struct packed assets[ASSETS_MAX];
    size_t len;
};

NORETURN static void give_up(struct str what, const char *why)
{
    fprintf(stderr, "pack: " STR_FMT ": %s\n", STR_ARG(what), why);
    exit(1);
}

static struct str read_file(struct packer *p, struct str path)
{
    FILE *file = fopen(str_to_c(&p->arena, path), "rb");
    if (!file)
        give_up(path, "cannot be read");
    char *text = arena_alloc(&p->arena, FILE_BYTES_MAX);
    size_t len = fread(text, 1, FILE_BYTES_MAX, file);
    if (len == FILE_BYTES_MAX || ferror(file))
        give_up(path, "cannot be read, or is too large");
    fclose(file);
    return (struct str){ text, len };
}

static const char *content_type_of(struct str name)
{
    static const struct {
        struct str end;
        const char *content_type;
    } types[] = {
        { STR_INIT(".css"), "text/css; charset=utf-8" },
        { STR_INIT(".js"), "text/javascript; charset=utf-8" },
        { STR_INIT(".svg"), "image/svg+xml" },
        { STR_INIT(".woff2"), "font/woff2" },
        { STR_INIT(".webmanifest"), "application/manifest+json" },
        { STR_INIT(".png"), "image/png" },
    };
    for (size_t i = 0; i < LEN(types); i++)
        if (str_ends(name, types[i].end))
            return types[i].content_type;
    give_up(name, "has an ending whose content type is not known here");
}

static struct str folder_of(struct str name)
{
    while (name.len > 0 && name.at[name.len - 1] != '/')
        name.len--;
    return name;
}

/* What stands between opening and closing becomes an address; a name nobody packed is a mistake. */
static struct str resolve_names(struct packer *p, struct str text, struct str folder, struct str opening, char closing)
{
    struct buf out;
    buf_init(&out, &p->arena);
    bool is_relative = str_ends(opening, STR("./"));
    for (;;) {
        size_t at = str_find(text, opening);
        if (at == text.len)
            break;
        buf_put(&out, str_sub(text, 0, at + opening.len - (is_relative ? 2 : 0)));
        text = str_sub(text, at + opening.len, SIZE_MAX);
        struct str named = str_cut(&text, closing);
        struct str name = str_format(&p->arena, STR_FMT STR_FMT, STR_ARG(folder), STR_ARG(named));
        size_t i = 0;
        while (i < p->len && !str_eq(p->assets[i].name, name))
            i++;
        if (i == p->len)
            give_up(name, "is named by another file but was not packed before it");
        buf_put(&out, p->assets[i].url);
        buf_put_char(&out, closing);
    }
    buf_put(&out, text);
    return buf_str(&out);
}

static struct str resolve(struct packer *p, struct str name, struct str text)
{
    if (str_ends(name, STR(".css")))
        return resolve_names(p, text, STR(""), STR("url(\""), '"');
    if (str_ends(name, STR(".webmanifest")))
        return resolve_names(p, text, folder_of(name), STR("\"src\": \"./"), '"');
    if (!str_ends(name, STR(".js")))
        return text;
    text = resolve_names(p, text, folder_of(name), STR("from './"), '\'');
    text = resolve_names(p, text, folder_of(name), STR("import('./"), '\'');
    return resolve_names(p, text, folder_of(name), STR("asset('./"), '\'');
}

static struct str compress_gzip(struct packer *p, struct str plain)
{
    z_stream stream = { 0 };
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) !=
        Z_OK)
        give_up(STR("gzip"), "cannot be started");
    uLong room = deflateBound(&stream, plain.len);
    unsigned char *out = arena_alloc(&p->arena, room);
    unsigned char *in = arena_alloc(&p->arena, plain.len + 1); /* zlib wants it writable */
    memcpy(in, plain.at, plain.len);
    stream.next_in = in;
    stream.avail_in = (uInt)plain.len;
    stream.next_out = out;
    stream.avail_out = (uInt)room;
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
        give_up(STR("gzip"), "failed");
    size_t len = stream.total_out;
    deflateEnd(&stream);
    return (struct str){ (const char *)out, len };
}

static struct str compress_brotli(struct packer *p, struct str plain)
{
    size_t len = BrotliEncoderMaxCompressedSize(plain.len);
    uint8_t *out = arena_alloc(&p->arena, len);
    if (!BrotliEncoderCompress(BROTLI_MAX_QUALITY, BROTLI_MAX_WINDOW_BITS, BROTLI_MODE_TEXT,
                               plain.len, (const uint8_t *)plain.at, &len, out))
        give_up(STR("brotli"), "failed");
    return (struct str){ (const char *)out, len };
}

static struct str url_of(struct packer *p, struct str name, struct str content)
{
    unsigned char digest[crypto_generichash_BYTES];
    crypto_generichash(digest, sizeof digest, (const unsigned char *)content.at, content.len, NULL,
                       0);
    size_t dot = name.len;
    while (dot > 0 && name.at[dot - 1] != '.')
        dot--;
    struct buf out;
    buf_init(&out, &p->arena);
    buf_put(&out, STR("/t/"));
    for (size_t i = 0; i < dot; i++)
        buf_put_char(&out, name.at[i] == '/' ? '-' : name.at[i]);
    buf_put(&out, str_from_bytes_hex(&p->arena, digest, DIGEST_BYTES));
    buf_put_char(&out, '.');
    buf_put(&out, str_sub(name, dot, SIZE_MAX));
    return buf_str(&out);
}

static void pack_file(struct packer *p, struct str argument)
{
    struct str path = argument;
    struct str name = str_cut(&path, '=');
    if (p->len == ASSETS_MAX || path.len == 0)
        give_up(argument, "expected NAME=PATH, and not too many");
    struct packed *one = &p->assets[p->len];
    one->name = name;
    one->content_type = content_type_of(name);
    one->plain = read_file(p, path);
    one->plain = resolve(p, name, one->plain);
    one->url = url_of(p, name, one->plain);
    if (!str_ends(name, STR(".woff2")) && !str_ends(name, STR(".png"))) {
        one->gzip = compress_gzip(p, one->plain);
        one->brotli = compress_brotli(p, one->plain);
    }
    p->len++;
}

static void write_bytes(FILE *out, size_t number, const char *what, struct str bytes)
{
    if (bytes.len == 0)
        return;
    fprintf(out, "static const unsigned char %s_%zu[] = {", what, number);
    for (size_t i = 0; i < bytes.len; i++)
        fprintf(out, "%s%u,", i % 24 == 0 ? "\n" : "", (unsigned)(unsigned char)bytes.at[i]);
    fputs("\n};\n", out);
}

static void write_view(FILE *out, size_t number, const char *what, struct str bytes)
{
    if (bytes.len == 0)
        fputs("{ NULL, 0 }, ", out);
    else
        fprintf(out, "{ %s_%zu, sizeof %s_%zu }, ", what, number, what, number);
}

static void write_c(const struct packer *p, FILE *out)
{
    fputs("/* Made by pack. */\n#include \"page/asset.h\"\n", out);
    for (size_t i = 0; i < p->len; i++) {
        write_bytes(out, i, "plain", p->assets[i].plain);
        write_bytes(out, i, "gzip", p->assets[i].gzip);
        write_bytes(out, i, "brotli", p->assets[i].brotli);
    }
    fputs("const struct asset asset_list[] = {\n", out);
    for (size_t i = 0; i < p->len; i++) {
        const struct packed *one = &p->assets[i];
        fprintf(out, "{ \"" STR_FMT "\", STR_INIT(\"" STR_FMT "\"), \"%s\", ", STR_ARG(one->name),
                STR_ARG(one->url), one->content_type);
        write_view(out, i, "plain", one->plain);
        write_view(out, i, "gzip", one->gzip);
        write_view(out, i, "brotli", one->brotli);
        fputs("},\n", out);
    }
    fputs("};\nconst size_t asset_list_len = LEN(asset_list);\n", out);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: pack OUT.c NAME=PATH...\n", stderr);
        return 2;
    }
    if (sodium_init() < 0)
        give_up(STR("sodium"), "cannot be started");
    struct packer *p = calloc(1, sizeof *p);
    if (!p)
        give_up(STR("memory"), "is not enough");
    arena_init(&p->arena, env_real(), (size_t)1 << 30);
    for (int i = 2; i < argc; i++)
        pack_file(p, str_from(argv[i]));
    FILE *out = fopen(argv[1], "wb");
    if (!out)
        give_up(str_from(argv[1]), "cannot be written");
    write_c(p, out);
    if (ferror(out) || fclose(out) != 0)
        give_up(str_from(argv[1]), "cannot be written");
    arena_end(&p->arena);
    free(p);
    return 0;
}
