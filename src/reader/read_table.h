/*
 * read_table: a table of the outline as rows and columns, with what each column holds, found from its head. Only for
 * the files of this folder.
 */
#ifndef READER_READ_TABLE_H
#define READER_READ_TABLE_H

#include "reader/read_when.h"

enum { TABLE_COLUMNS_MAX = 24 };

/* X(NAME, words of the head): the first that fits wins, so the narrower stand first. */
#define TABLE_ROLE_LIST(X)                                                                                             \
    X(TASK, "nhiệm vụ|công việc|cơ quan chủ trì|đơn vị chủ trì|cơ quan phối hợp|đơn vị thực hiện|hoàn thành|sản phẩm|tiến độ")      \
    X(CLASSES, "số lớp|số lượng lớp|tổng số lớp")                                                                      \
    X(MINUTES, "thời lượng|số tiết|số phút|phút")                                                                      \
    X(SPEAKER, "người dạy|giáo viên|người truyền đạt|truyền đạt|người báo cáo|thuyết trình|giảng viên|báo cáo viên|giảng dạy|người trình bày|trình bày|phụ trách|người giảng|diễn giả|người thực hiện|người hướng dẫn|đơn vị báo cáo|thực hiện") \
    X(TOPIC, "chuyên đề|nội dung|chủ đề|tên bài|bài giảng|bài học|hoạt động")                                               \
    X(PROGRAMME, "thuộc chương trình|chương trình")                                                                    \
    X(LEARNERS, "số học viên|số người học|số lượng học viên|số lượng|học viên|số người|sĩ số|quân số|chỉ tiêu")                          \
    X(PLACE, "địa điểm|điểm học|nơi mở lớp|nơi học|hội trường|phòng học|nơi tổ chức|cơ sở học")                                                \
    X(END, "kết thúc|bế giảng|bế mạc|đến ngày|ngày cuối")                                                            \
    X(DAY, "bắt đầu|từ ngày|khai mạc|ngày học|thời gian học|thời gian tổ chức|thời gian mở lớp|ngày|lịch học|khai giảng")                            \
    X(TIME, "thời gian|giờ|buổi|khung giờ")                                                                            \
    X(CLASS, "tên lớp|lớp|đợt|cụm|khóa|khoá")                                                                           \
    X(AUDIENCE, "đối tượng|thành phần|địa bàn|đơn vị|cơ quan")                                                            \
    X(NUMBER, "stt|tt|mô - đun|mô đun|số tt|số thứ tự")

enum table_role {
    TABLE_ROLE_NONE,
#define X(name, words) TABLE_ROLE_##name,
    TABLE_ROLE_LIST(X)
#undef X
};

struct table {
    const struct outline_node *node;
    const struct outline_node *rows[512];
    size_t rows_len;
    int columns;
    enum table_role roles[TABLE_COLUMNS_MAX];
    size_t first_row; /* behind the head */
};

/* False when it has no head or is not worth reading (one row, one column). */
bool read_table(struct arena *arena, const struct outline_node *node, struct table *ret_table);
bool table_has(const struct table *table, enum table_role role);
/* The cell of a row in the first column of that role, also one that reaches down from a row above; NULL none. */
const struct outline_node *table_cell(const struct table *table, size_t row, enum table_role role);
/* The only cell of a row that says anything ("Ngày 13/6" over all columns); NULL when there are more. */
const struct outline_node *table_row_title(const struct table *table, size_t row);
/* A sum, not an entry: "Tổng cộng", "Cộng". */
bool table_is_sum(struct arena *arena, const struct table *table, size_t row);
/* A row that says again what the columns hold, at the head of a page. */
bool table_is_head_again(struct arena *arena, const struct table *table, size_t row);
/* All the words of a cell, its paragraphs one behind the other; a view when it has one. */
struct str table_text(struct arena *arena, const struct outline_node *cell);

#endif
