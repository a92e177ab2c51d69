#include "check/check_store.h"

#include "document/document.h"

#include <stdlib.h>
#include <unistd.h>

/* Files of materials: what they are by their bytes, and how they are kept. */

static int open_store(void **state)
{
    static struct fact_kinds rooms[1];
    rooms[0] = document_facts;
    fact_register(rooms, LEN(rooms));
    return check_store_open(state);
}

static void file_is_known_by_its_bytes_not_by_its_name_alone(void **state)
{
    struct check_store *check = *state;
    static const struct {
        const char *name, *content, *words; /* NULL: taken */
    } cases[] = {
        { "Bài giảng 1.PDF", "%PDF-1.7 ...", NULL },
        { "Bài giảng.docx", "PK\x03\x04....word/document.xml....", NULL },
        { "slide.pptx", "PK\x03\x04....ppt/presentation.xml....", NULL },
        { "bảng.xlsx", "PK\x03\x04....xl/workbook.xml....", NULL },
        { "bảng.xlsx", "PK\x03\x04....xl/workbook.xml....xl/vbaProject.bin", "macro" },
        { "Bài giảng.docx", "PK\x03\x04....ppt/presentation.xml....", "không đúng với đuôi" },
        { "Bài giảng.pdf", "<html>", "không đúng với đuôi" },
        { "tài liệu.zip", "PK\x03\x04", "Chỉ tiếp nhận" },
        { "trang.html", "<html>", "Chỉ tiếp nhận" },
        { "TỐI MẬT.pdf", "%PDF-1.7", "độ mật" },
        { "rỗng.pdf", "", "rỗng" },
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct str type = { 0 };
        enum err err =
            material_sniff(&check->cx, str_from(cases[i].name), str_from(cases[i].content), &type);
        bool is_right = cases[i].words ? err != OK && strstr(check->cx.fault.words, cases[i].words)
                                       : err == OK && type.len > 0;
        if (!is_right)
            fail_msg("%s: %s", cases[i].name, err == OK ? "taken" : check->cx.fault.words);
    }
}

static void file_is_kept_by_digest_and_a_damaged_one_is_not_handed_out(void **state)
{
    struct check_store *check = *state;
    char folder[] = "/tmp/diemcau_files_XXXXXX";
    assert_non_null(mkdtemp(folder));
    struct str content = STR("%PDF-1.7 bài giảng"), read_back = { 0 };
    struct material material = { .bytes = (int64_t)content.len };
    assert_ok(&check->cx, material_keep(&check->cx, str_from(folder), content, &material.digest));
    assert_ok(&check->cx, material_keep(&check->cx, str_from(folder), content,
                                        &material.digest)); /* twice is the same file */
    assert_ok(&check->cx, material_open(&check->cx, str_from(folder), &material, &read_back));
    assert_true(str_eq(content, read_back));
    const char *path = str_to_c(&check->cx.arena, str_format(&check->cx.arena, "%s/files/" STR_FMT,
                                                             folder, STR_ARG(material.digest)));
    assert_int_equal(0, truncate(path, 5));
    assert_err(ERR_SYSTEM, material_open(&check->cx, str_from(folder), &material, &read_back));
    struct material forged = { .digest = STR("../../../../etc/passwd"), .bytes = 10 };
    assert_err(ERR_NOT_FOUND, material_open(&check->cx, str_from(folder), &forged, &read_back));
    unlink(path);
    rmdir(str_to_c(&check->cx.arena, str_format(&check->cx.arena, "%s/files", folder)));
    rmdir(folder);
}

int main(void)
{
#define ON(test) cmocka_unit_test_setup_teardown(test, open_store, check_store_close)
    const struct CMUnitTest tests[] = {
        ON(file_is_known_by_its_bytes_not_by_its_name_alone),
        ON(file_is_kept_by_digest_and_a_damaged_one_is_not_handed_out),
    };
#undef ON
    return cmocka_run_group_tests(tests, NULL, NULL);
}
