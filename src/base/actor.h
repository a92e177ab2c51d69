/*
 * actor: who acts, with which permissions, and how far they reach. The nouns that routes, queries and facts share;
 * `account` fills an actor from a session, a personal link or an interface token.
 */
#ifndef BASE_ACTOR_H
#define BASE_ACTOR_H

#include "base/str.h"

#include <stdint.h>

/* X(NAME, "what it allows, in the words of the grants page") */
#define PERMISSION_LIST(X)                                                                             \
    X(PUBLIC, "Xem trang công khai")                                                                   \
    X(SIGNED_IN, "Dùng hệ thống")                                                                      \
    X(UNIT_READ, "Xem cơ cấu tổ chức")                                                                 \
    X(UNIT_WRITE, "Thay đổi cơ cấu tổ chức")                                                           \
    X(PERSON_READ, "Xem hồ sơ cán bộ")                                                                 \
    X(PERSON_WRITE, "Cập nhật hồ sơ cán bộ")                                                           \
    X(PERSON_REVEAL, "Xem số định danh cá nhân")                                                       \
    X(ACCOUNT_WRITE, "Quản lý tài khoản và giao quyền")                                                \
    X(DOCUMENT_READ, "Xem văn bản")                                                                    \
    X(DOCUMENT_DRAFT, "Soạn thảo văn bản")                                                             \
    X(DOCUMENT_ISSUE, "Ban hành, thu hồi văn bản")                                                     \
    X(DOCUMENT_RECEIVE, "Tiếp nhận văn bản")                                                           \
    X(DUTY_READ, "Xem nhiệm vụ của đơn vị")                                                            \
    X(DUTY_CLOSE, "Hoàn thành nhiệm vụ của đơn vị")                                                    \
    X(DUTY_REMIND, "Nhắc các đơn vị trực thuộc")                                                       \
    X(COURSE_READ, "Xem lớp bồi dưỡng")                                                                \
    X(NOMINATION_READ, "Xem danh sách cử đi học")                                                      \
    X(NOMINATION_WRITE, "Lập danh sách cử đi học")                                                     \
    X(NOMINATION_APPROVE, "Duyệt, gửi danh sách cử đi học")                                            \
    X(POINT_READ, "Xem điểm cầu")                                                                      \
    X(POINT_WRITE, "Khai báo điểm cầu, báo cáo số lượng")                                              \
    X(POINT_TEST, "Kiểm tra đường truyền, ghi sự cố")                                                  \
    X(ROLL_READ, "Xem điểm danh")                                                                      \
    X(ROLL_MARK, "Điểm danh")                                                                          \
    X(ROLL_CLOSE, "Kết thúc, mở lại buổi điểm danh")                                                   \
    X(REPORT_READ, "Xem bảng theo dõi")                                                                \
    X(AUDIT_READ, "Xem nhật ký hệ thống")

enum permission {
    PERMISSION_NONE = 0, /* a route that says this keeps the program from starting */
#define X(name, words) PERMISSION_##name,
    PERMISSION_LIST(X)
#undef X
        PERMISSION_COUNT
};

/*
 * A subtree of units, as a range of unit paths: lo <= path and path < hi. A path is the ids from the nation down,
 * eight lower-case hex digits and a dot each ("00000001.0000002c."), so that a subtree is one range of an index.
 */
struct scope {
    struct str path_lo;
    struct str path_hi;
};

enum actor_kind {
    ACTOR_NOBODY,  /* not signed in */
    ACTOR_PERSON,  /* a signed-in account in one of its seats */
    ACTOR_LINK,    /* a personal link: one subject, no account */
    ACTOR_TOKEN,   /* an interface token */
    ACTOR_PROGRAM, /* the program itself: imports, jobs, the demo */
};

/* An account may hold several grants; it acts in one seat (one grant) at a time, which is what the trail shows. */
struct actor {
    enum actor_kind kind;
    int64_t account_id;   /* 0 when none */
    int64_t grant_id;     /* the seat */
    int64_t unit_id;      /* the seat's unit: the body the actor acts for */
    struct scope scope;   /* that unit's subtree */
    uint64_t permissions; /* bit (1 << permission) */
    int64_t subject_id;   /* a personal link's only subject */
    struct str name;      /* the person's name as shown */
    struct str role_name; /* the seat's role as shown */
    struct str unit_name; /* the unit's name as shown */
};

static inline bool actor_may(const struct actor *actor, enum permission permission)
{
    return actor && (actor->permissions >> permission & 1) != 0;
}

#endif
