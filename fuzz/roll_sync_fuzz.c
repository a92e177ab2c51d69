/* A device's upload and its file from anybody: whatever is cut into items, each item is either sound or says why not, and
 * what is kept of it is a text that a fact may hold. */
#include "base/day.h"
#include "roll/roll_sync.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check_item(const struct roll_item *item)
{
    struct fact_id ids[ROLL_REPLACES_MAX];
    size_t len = 0;
    if (!str_is_utf8(item->content) || item->content.len > ROLL_CONTENT_MAX)
        abort();
    for (size_t i = 0; i < item->content.len; i++)
        if ((unsigned char)item->content.at[i] < 0x20)
            abort();
    if (item->fault)
        return;
    if (item->is_walk_in ? item->walked.full_name.len == 0 : item->marked.learner_id < 1)
        abort();
    if (!item->is_walk_in && (!roll_ids_parse(item->marked.replaces, ids, &len) || !str_is_utf8(item->marked.reason)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const struct actor nobody = { .kind = ACTOR_NOBODY };
    struct ctx cx = { .env = env_real(), .actor = &nobody };
    struct str text = { (const char *)bytes, len };
    jmp_buf out;
    arena_init(&cx.arena, cx.env, 64 * 1024 * 1024);
    cx.arena.guard = &out;
    if (setjmp(out) == 0) {
        struct roll_upload upload = { .len = 0 };
        struct roll_file file = { .len = 0 };
        if (roll_upload_parse(&cx, text, ROLL_BATCH_MAX, &upload) == OK)
            for (size_t i = 0; i < upload.len; i++)
                check_item(&upload.items[i]);
        if (roll_file_parse(&cx, text, &file) == OK)
            for (size_t i = 0; i < file.len; i++)
                for (size_t j = 0; j < file.at[i].len; j++)
                    check_item(&file.at[i].items[j]);
    }
    arena_end(&cx.arena);
    return 0;
}
