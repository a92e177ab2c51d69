#include "account/role.h"

#define BIT(name) PERMISSION_BIT(name)

/* What every seat has: signing in, and seeing the map, the papers and the classes that reach its
 * unit. */
#define EVERY_SEAT                                                                         \
    (BIT(PUBLIC) | BIT(SIGNED_IN) | BIT(UNIT_READ) | BIT(DOCUMENT_READ) | BIT(DUTY_READ) | \
     BIT(COURSE_READ) | BIT(REPORT_READ))

/* What a seat of the class day has: the paper and the class, nothing of the unit's other work. */
#define CLASS_SEAT (BIT(PUBLIC) | BIT(SIGNED_IN) | BIT(UNIT_READ) | BIT(DOCUMENT_READ) | BIT(COURSE_READ))

/* Every bit that a permission stands for; PERMISSION_NONE stands for nothing. */
#define ALL ((((uint64_t)1 << PERMISSION_COUNT) - 1) & ~BIT(NONE))

/* X(code, name, who it is for, permissions, what it may hand on, costly password) */
/* clang-format off */
#define ROLE_LIST(X)                                                                                                   \
    X("quan_tri", "Quản trị hệ thống",                                                                                 \
      "Quản lý cơ cấu tổ chức, tài khoản và nhật ký; không xử lý công việc thay đơn vị.",                              \
      BIT(PUBLIC) | BIT(SIGNED_IN) | BIT(UNIT_READ) | BIT(UNIT_WRITE) | BIT(PERSON_READ) | BIT(ACCOUNT_WRITE) |        \
          BIT(AUDIT_READ),                                                                                             \
      ALL, true)                                                                                                       \
    X("nguoi_dung_dau", "Người đứng đầu",                                                                              \
      "Ban hành, thu hồi văn bản, duyệt danh sách cử đi học và chịu trách nhiệm về nhiệm vụ của đơn vị.",              \
      EVERY_SEAT | BIT(PERSON_READ) | BIT(DOCUMENT_DRAFT) | BIT(DOCUMENT_ISSUE) | BIT(DOCUMENT_RECEIVE) |              \
          BIT(DUTY_CLOSE) | BIT(DUTY_REMIND) | BIT(NOMINATION_READ) | BIT(NOMINATION_WRITE) |                          \
          BIT(NOMINATION_APPROVE) | BIT(POINT_READ) | BIT(ROLL_READ) | BIT(ROLL_CLOSE),                                \
      0, false)                                                                                                        \
    X("van_thu", "Văn thư",                                                                                            \
      "Tiếp nhận văn bản, báo đã nhận và hoàn thành nhiệm vụ của đơn vị.",                                             \
      EVERY_SEAT | BIT(PERSON_READ) | BIT(DOCUMENT_RECEIVE) | BIT(DUTY_CLOSE) | BIT(NOMINATION_READ) |                 \
          BIT(POINT_READ) | BIT(POINT_WRITE) | BIT(ROLL_READ),                                                         \
      0, false)                                                                                                        \
    X("chuyen_vien", "Chuyên viên theo dõi bồi dưỡng",                                                                 \
      "Soạn thảo văn bản, cập nhật hồ sơ cán bộ, lập danh sách, điểm danh, nhắc các đơn vị trực thuộc và lập báo cáo.", \
      EVERY_SEAT | BIT(PERSON_READ) | BIT(PERSON_WRITE) | BIT(PERSON_REVEAL) | BIT(DOCUMENT_DRAFT) |                   \
          BIT(DOCUMENT_RECEIVE) | BIT(DUTY_CLOSE) | BIT(DUTY_REMIND) | BIT(NOMINATION_READ) |                          \
          BIT(NOMINATION_WRITE) | BIT(POINT_READ) | BIT(POINT_WRITE) | BIT(POINT_TEST) | BIT(ROLL_READ) |              \
          BIT(ROLL_MARK) | BIT(ROLL_CLOSE),                                                                            \
      0, false)                                                                                                        \
    X("lanh_dao", "Lãnh đạo xem",                                                                                      \
      "Xem tình hình trong phạm vi phụ trách, không thay đổi nội dung.",                                               \
      EVERY_SEAT | BIT(PERSON_READ) | BIT(NOMINATION_READ) | BIT(POINT_READ) | BIT(ROLL_READ),                         \
      0, false)                                                                                                        \
    X("kiem_tra", "Kiểm tra nhật ký",                                                                                  \
      "Xem ai đã thay đổi nội dung nào, vào lúc nào; không thay đổi nội dung.",                                        \
      EVERY_SEAT | BIT(AUDIT_READ) | BIT(NOMINATION_READ) | BIT(POINT_READ) | BIT(ROLL_READ),                          \
      0, false)                                                                                                        \
    X("chu_tri", "Chủ trì điểm cầu",                                                                                   \
      "Xem điểm cầu, danh sách, điểm danh của nơi mình chủ trì và kết thúc buổi điểm danh.",                           \
      CLASS_SEAT | BIT(REPORT_READ) | BIT(NOMINATION_READ) | BIT(POINT_READ) | BIT(ROLL_READ) | BIT(ROLL_CLOSE),       \
      0, false)                                                                                                        \
    X("theo_doi_lop", "Theo dõi lớp",                                                                                  \
      "Xem danh sách, điểm cầu và điểm danh trong phạm vi phụ trách; mở lại buổi điểm danh khi có lý do.",             \
      CLASS_SEAT | BIT(REPORT_READ) | BIT(NOMINATION_READ) | BIT(POINT_READ) | BIT(ROLL_READ) | BIT(ROLL_CLOSE),       \
      0, false)                                                                                                        \
    X("lop_truong", "Lớp trưởng, ban cán sự lớp",                                                                      \
      "Điểm danh học viên tại điểm cầu của mình.",                                                                     \
      CLASS_SEAT | BIT(NOMINATION_READ) | BIT(POINT_READ) | BIT(ROLL_READ) | BIT(ROLL_MARK),                           \
      0, false)                                                                                                        \
    X("ky_thuat", "Kỹ thuật điểm cầu",                                                                                 \
      "Kiểm tra đường truyền và ghi sự cố tại điểm cầu.",                                                              \
      CLASS_SEAT | BIT(POINT_READ) | BIT(POINT_TEST),                                                                  \
      0, false)

static const struct role roles[] = {
#define X(code, name, help, permissions, may_give, is_strong)                                                          \
    { STR_INIT(code), STR_INIT(name), STR_INIT(help), permissions, may_give, is_strong },
    ROLE_LIST(X)
#undef X
};

const struct choice role_choices[ROLE_COUNT] = {
#define X(code, name, help, permissions, may_give, is_strong) { STR_INIT(code), STR_INIT(name) },
    ROLE_LIST(X)
#undef X
};
/* clang-format on */
_Static_assert(LEN(roles) == ROLE_COUNT, "one choice a role");

const struct role *role_list(size_t *ret_len)
{
    *ret_len = LEN(roles);
    return roles;
}

const struct role *role_find(struct str code)
{
    for (size_t i = 0; i < LEN(roles); i++)
        if (str_eq(roles[i].code, code))
            return &roles[i];
    return NULL;
}

static const struct {
    struct str name;
    struct str words;
} permission_words[PERMISSION_COUNT] = {
#define X(name, words) [PERMISSION_##name] = { STR_INIT(#name), STR_INIT(words) },
    PERMISSION_LIST(X)
#undef X
};

struct str permissions_format(struct arena *arena, uint64_t permissions)
{
    struct buf buf;
    buf_init(&buf, arena);
    for (size_t i = 1; i < PERMISSION_COUNT; i++) {
        if ((permissions >> i & 1) == 0)
            continue;
        if (buf.len > 0)
            buf_put_char(&buf, ',');
        buf_put(&buf, permission_words[i].name);
    }
    return buf_str(&buf);
}

bool permissions_parse(struct str text, uint64_t *ret_permissions)
{
    uint64_t permissions = 0;
    while (text.len > 0) {
        struct str name = str_trim(str_cut(&text, ','));
        size_t i = 1;
        while (i < PERMISSION_COUNT && !str_eq(permission_words[i].name, name))
            i++;
        if (i == PERMISSION_COUNT)
            return false;
        permissions |= (uint64_t)1 << i;
    }
    *ret_permissions = permissions;
    return true;
}

struct str permissions_words(struct arena *arena, uint64_t permissions)
{
    struct buf buf;
    buf_init(&buf, arena);
    /* That everybody may see public pages and use the system says nothing about a seat. */
    permissions &= ~(BIT(PUBLIC) | BIT(SIGNED_IN));
    for (size_t i = 1; i < PERMISSION_COUNT; i++) {
        if ((permissions >> i & 1) == 0)
            continue;
        if (buf.len > 0)
            buf_put(&buf, STR("; "));
        buf_put(&buf, permission_words[i].words);
    }
    return buf_str(&buf);
}
