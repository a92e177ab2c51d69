/*
 * What a section is about, from the words of its heading: each part of the heading that begins with a word of the
 * vocabulary names a topic ("Hình thức, thời gian, địa điểm"). A heading that names a body names none.
 */
#include "reader/outline_inside.h"

#include <string.h>

static const struct {
    const char *words;
    enum outline_topic topic;
} vocabulary[] = {
    { "noi dung theo tung nam", OUTLINE_TOPIC_PHASES },
    { "muc dich", OUTLINE_TOPIC_PURPOSE },
    { "yeu cau", OUTLINE_TOPIC_PURPOSE },
    { "muc tieu", OUTLINE_TOPIC_PURPOSE },
    { "quan diem", OUTLINE_TOPIC_PURPOSE },
    { "su can thiet", OUTLINE_TOPIC_PURPOSE },
    { "doi tuong va thoi gian", OUTLINE_TOPIC_AUDIENCE },
    { "doi tuong", OUTLINE_TOPIC_AUDIENCE },
    { "thanh phan hoc vien", OUTLINE_TOPIC_AUDIENCE },
    { "thanh phan lop", OUTLINE_TOPIC_AUDIENCE },
    { "hoc vien", OUTLINE_TOPIC_AUDIENCE },
    { "nguoi hoc", OUTLINE_TOPIC_AUDIENCE },
    { "pham vi", OUTLINE_TOPIC_AUDIENCE },
    { "thoi gian", OUTLINE_TOPIC_TIME },
    { "thoi diem", OUTLINE_TOPIC_TIME },
    { "thoi luong", OUTLINE_TOPIC_TIME },
    { "lich hoc", OUTLINE_TOPIC_TIME },
    { "lich trinh", OUTLINE_TOPIC_TIME },
    { "khai giang", OUTLINE_TOPIC_TIME },
    { "khai mac", OUTLINE_TOPIC_TIME },
    { "be giang", OUTLINE_TOPIC_TIME },
    { "be mac", OUTLINE_TOPIC_TIME },
    { "dia diem", OUTLINE_TOPIC_PLACE },
    { "diem cau", OUTLINE_TOPIC_PLACE },
    { "cac diem cau", OUTLINE_TOPIC_PLACE },
    { "noi hoc", OUTLINE_TOPIC_PLACE },
    { "thanh phan", OUTLINE_TOPIC_ATTENDANCE },
    { "dai bieu", OUTLINE_TOPIC_ATTENDANCE },
    { "chu tri", OUTLINE_TOPIC_ATTENDANCE },
    { "hinh thuc", OUTLINE_TOPIC_FORM },
    { "phuong thuc", OUTLINE_TOPIC_FORM },
    { "phuong phap", OUTLINE_TOPIC_FORM },
    { "viet thu hoach", OUTLINE_TOPIC_ESSAY },
    { "viet bai thu hoach", OUTLINE_TOPIC_ESSAY },
    { "bai thu hoach", OUTLINE_TOPIC_ESSAY },
    { "thu hoach", OUTLINE_TOPIC_ESSAY },
    { "tieu luan", OUTLINE_TOPIC_ESSAY },
    { "bai kiem tra thu hoach", OUTLINE_TOPIC_ESSAY },
    { "nop bai thu hoach", OUTLINE_TOPIC_ESSAY },
    { "so luong", OUTLINE_TOPIC_NUMBERS },
    { "quy mo", OUTLINE_TOPIC_NUMBERS },
    { "chi tieu", OUTLINE_TOPIC_NUMBERS },
    { "so lop", OUTLINE_TOPIC_NUMBERS },
    { "noi dung va kinh phi", OUTLINE_TOPIC_CONTENT },
    { "noi dung", OUTLINE_TOPIC_CONTENT },
    { "chuong trinh", OUTLINE_TOPIC_CONTENT },
    { "khung chuong trinh", OUTLINE_TOPIC_CONTENT },
    { "chuyen de", OUTLINE_TOPIC_CONTENT },
    { "cac chuyen de", OUTLINE_TOPIC_CONTENT },
    { "giang vien", OUTLINE_TOPIC_CONTENT },
    { "bao cao vien", OUTLINE_TOPIC_CONTENT },
    { "tai lieu", OUTLINE_TOPIC_CONTENT },
    { "theo doi, danh gia", OUTLINE_TOPIC_EVALUATION },
    { "theo doi va danh gia", OUTLINE_TOPIC_EVALUATION },
    { "theo doi", OUTLINE_TOPIC_EVALUATION },
    { "danh gia", OUTLINE_TOPIC_EVALUATION },
    { "kiem tra", OUTLINE_TOPIC_EVALUATION },
    { "cap giay chung nhan", OUTLINE_TOPIC_EVALUATION },
    { "cap chung nhan", OUTLINE_TOPIC_EVALUATION },
    { "cap chung chi", OUTLINE_TOPIC_EVALUATION },
    { "chung chi", OUTLINE_TOPIC_EVALUATION },
    { "chung nhan", OUTLINE_TOPIC_EVALUATION },
    { "giay chung nhan", OUTLINE_TOPIC_EVALUATION },
    { "khen thuong", OUTLINE_TOPIC_EVALUATION },
    { "kinh phi", OUTLINE_TOPIC_BUDGET },
    { "nguon kinh phi", OUTLINE_TOPIC_BUDGET },
    { "du toan", OUTLINE_TOPIC_BUDGET },
    { "che do", OUTLINE_TOPIC_BUDGET },
    { "lo trinh", OUTLINE_TOPIC_PHASES },
    { "giai doan", OUTLINE_TOPIC_PHASES },
    { "cac giai doan", OUTLINE_TOPIC_PHASES },
    { "phan ky", OUTLINE_TOPIC_PHASES },
    { "to chuc thuc hien", OUTLINE_TOPIC_TASKS },
    { "nhiem vu", OUTLINE_TOPIC_TASKS },
    { "giai phap", OUTLINE_TOPIC_TASKS },
    { "phan cong", OUTLINE_TOPIC_TASKS },
    { "trach nhiem", OUTLINE_TOPIC_TASKS },
    { "chuan bi", OUTLINE_TOPIC_TASKS },
    { "trien khai", OUTLINE_TOPIC_TASKS },
    { "to chuc trien khai", OUTLINE_TOPIC_TASKS },
    { "de nghi", OUTLINE_TOPIC_TASKS },
    { "lich mo lop", OUTLINE_TOPIC_TIME },
    { "lich cac", OUTLINE_TOPIC_TIME },
    { "thoi khoa bieu", OUTLINE_TOPIC_TIME },
    { "ngay hoc", OUTLINE_TOPIC_TIME },
    { "lich lop", OUTLINE_TOPIC_TIME },
    { "bai giang", OUTLINE_TOPIC_CONTENT },
    { "bai hoc", OUTLINE_TOPIC_CONTENT },
    { "cac noi dung", OUTLINE_TOPIC_CONTENT },
    { "cac bai", OUTLINE_TOPIC_CONTENT },
    { "viet va cham bai", OUTLINE_TOPIC_ESSAY },
    { "viet bai", OUTLINE_TOPIC_ESSAY },
    { "bai viet", OUTLINE_TOPIC_ESSAY },
    { "viet, nop bai", OUTLINE_TOPIC_ESSAY },
    { "nop bai", OUTLINE_TOPIC_ESSAY },
    { "tien nong", OUTLINE_TOPIC_BUDGET },
    { "chi phi", OUTLINE_TOPIC_BUDGET },
    { "hoc phi", OUTLINE_TOPIC_BUDGET },
    { "kinh phi va", OUTLINE_TOPIC_BUDGET },
    { "phan viec", OUTLINE_TOPIC_TASKS },
    { "luu y", OUTLINE_TOPIC_TASKS },
    { "giao viec", OUTLINE_TOPIC_TASKS },
    { "bien phap", OUTLINE_TOPIC_TASKS },
    { "viec can lam", OUTLINE_TOPIC_TASKS },
    { "tien do", OUTLINE_TOPIC_TASKS },
    { "cac hoat dong", OUTLINE_TOPIC_TASKS },
    { "thuc hien", OUTLINE_TOPIC_TASKS },
    { "hau can", OUTLINE_TOPIC_TASKS },
    { "cong viec", OUTLINE_TOPIC_TASKS },
    { "nguoi du", OUTLINE_TOPIC_AUDIENCE },
    { "ai hoc", OUTLINE_TOPIC_AUDIENCE },
    { "diem hoc", OUTLINE_TOPIC_PLACE },
    { "noi to chuc", OUTLINE_TOPIC_PLACE },
    { "dia ban", OUTLINE_TOPIC_PLACE },
    { "cac lop", OUTLINE_TOPIC_NUMBERS },
    { "lop va", OUTLINE_TOPIC_NUMBERS },
    { "so nguoi", OUTLINE_TOPIC_NUMBERS },
    { "so hoc vien", OUTLINE_TOPIC_NUMBERS },
    { "theo tung nam", OUTLINE_TOPIC_PHASES },
    { "ke hoach tung nam", OUTLINE_TOPIC_PHASES },
    { "cac moc", OUTLINE_TOPIC_PHASES },
    { "dien boi duong", OUTLINE_TOPIC_AUDIENCE },
    { "nguoi tham gia", OUTLINE_TOPIC_AUDIENCE },
    { "dien doi tuong", OUTLINE_TOPIC_AUDIENCE },
    { "thanh phan trieu tap", OUTLINE_TOPIC_AUDIENCE },
    { "dien trieu tap", OUTLINE_TOPIC_AUDIENCE },
    { "chieu sinh", OUTLINE_TOPIC_AUDIENCE },
    { "ngay, gio", OUTLINE_TOPIC_TIME },
    { "gio hoc", OUTLINE_TOPIC_TIME },
    { "lich", OUTLINE_TOPIC_TIME },
    { "khoa bieu", OUTLINE_TOPIC_TIME },
    { "mo-dun", OUTLINE_TOPIC_CONTENT },
    { "hoc phan", OUTLINE_TOPIC_CONTENT },
    { "de cuong", OUTLINE_TOPIC_CONTENT },
    { "tin chi", OUTLINE_TOPIC_CONTENT },
    { "cac khoa", OUTLINE_TOPIC_NUMBERS },
    { "cac dot", OUTLINE_TOPIC_NUMBERS },
    { "to chuc lop", OUTLINE_TOPIC_NUMBERS },
    { "cach thuc to chuc", OUTLINE_TOPIC_TASKS },
    { "trien khai thuc hien", OUTLINE_TOPIC_TASKS },
    { "dieu khoan", OUTLINE_TOPIC_TASKS },
    { "mot so yeu cau", OUTLINE_TOPIC_TASKS },
    { "mot so noi dung khac", OUTLINE_TOPIC_TASKS },
    { "de xuat", OUTLINE_TOPIC_TASKS },
    { "cac chang", OUTLINE_TOPIC_PHASES },
    { "chang", OUTLINE_TOPIC_PHASES },
    { "khoi luong", OUTLINE_TOPIC_NUMBERS },
    { "cac nhom", OUTLINE_TOPIC_NUMBERS },
    { "giao nhiem vu", OUTLINE_TOPIC_TASKS },
    { "mon hoc", OUTLINE_TOPIC_CONTENT },
    { "so ket, tong ket", OUTLINE_TOPIC_EVALUATION },
    { "xep loai", OUTLINE_TOPIC_EVALUATION },
    { "phu luc", OUTLINE_TOPIC_APPENDIX },
};

/* Words in front of a topic's own. */
static const char *const leads[] = { "ve ", "cong tac ", "viec ", "cac ", "mot so ", "du kien ", "ke hoach ", "nhung ", "tai ", "noi dung cong tac ", "khung " };

static enum outline_topic topic_at(struct str key, size_t at)
{
    for (size_t i = 0; i < LEN(vocabulary); i++)
        if (fold_starts_words(key, at, vocabulary[i].words))
            return vocabulary[i].topic;
    return OUTLINE_TOPIC_NONE;
}

static enum outline_topic topic_after_leads(struct str key, size_t at)
{
    enum { LEADS_MAX = 3 };
    for (int n = 0; n <= LEADS_MAX; n++) {
        enum outline_topic topic = topic_at(key, at);
        if (topic != OUTLINE_TOPIC_NONE)
            return topic;
        size_t before = at;
        for (size_t i = 0; i < LEN(leads) && at == before; i++)
            if (str_starts(str_sub(key, at, key.len), str_from(leads[i])))
                at += strlen(leads[i]);
        if (at == before)
            break;
    }
    return OUTLINE_TOPIC_NONE;
}

unsigned topics_of(const struct fold *title, enum outline_topic *ret_first)
{
    enum { TITLE_MAX = 140 };
    struct str key = str_sub(title->key, 0, TITLE_MAX);
    unsigned topics = 0;
    *ret_first = OUTLINE_TOPIC_NONE;
    for (size_t at = 0; at < key.len;) {
        enum outline_topic topic = topic_after_leads(key, at);
        if (topic != OUTLINE_TOPIC_NONE && *ret_first == OUTLINE_TOPIC_NONE)
            *ret_first = topic;
        /* a heading that is long before its first topic is about something else */
        if (topic == OUTLINE_TOPIC_NONE && topics == 0 && at > 24)
            break;
        if (topic != OUTLINE_TOPIC_NONE)
            topics |= 1u << topic;
        size_t comma = at;
        while (comma < key.len && key.at[comma] != ',' && key.at[comma] != ';' && !(key.at[comma] == '-' && topics != 0) && !(comma > at && fold_starts_words(key, comma, "va") && key.at[comma - 1] == ' '))
            comma++;
        at = comma < key.len && key.at[comma] == 'v' ? comma + 2 : comma + 1;
        while (at < key.len && key.at[at] == ' ')
            at++;
    }
    return topics;
}
