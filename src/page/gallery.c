/* Writes the gallery's pages and all assets into a folder, to be looked at in a browser
 * (e2e/gallery_journey.js). */
#include "page/testdata/gallery.h"
#include "base/env.h"
#include "page/asset.h"

static bool write_file(struct arena *arena, const char *folder, struct str name, struct str content)
{
    FILE *file =
        fopen(str_to_c(arena, str_format(arena, "%s/" STR_FMT, folder, STR_ARG(name))), "wb");
    return file && fwrite(content.at, 1, content.len, file) == content.len && fclose(file) == 0;
}

int main(int argc, char **argv)
{
    static const char *const names[GALLERY_PAGE_COUNT] = { "lists.html",     "board.html",
                                                           "paper.html",     "wall.html",
                                                           "wall-grid.html", "sign-in.html" };
    if (argc != 2) {
        fputs("usage: gallery FOLDER\n", stderr);
        return 2;
    }
    struct arena arena;
    arena_init(&arena, env_real(), 64 << 20);
    bool is_written = true;
    for (int i = 0; i < GALLERY_PAGE_COUNT; i++)
        is_written &= write_file(&arena, argv[1], str_from(names[i]),
                                 gallery_render(&arena, (enum gallery_page)i).markup);
    for (size_t i = 0; i < asset_list_len; i++)
        is_written &= write_file(
            &arena, argv[1], str_sub(asset_list[i].url, sizeof ASSET_PREFIX - 1, SIZE_MAX),
            (struct str){ (const char *)asset_list[i].plain.at, asset_list[i].plain.len });
    arena_end(&arena);
    return is_written ? 0 : 1;
}
