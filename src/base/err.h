/*
 * err: how a function says no.
 *
 * A function that can fail returns enum err; the code and the words are made together by fail(), and only by it.
 * Words are Vietnamese, for the person at the screen: what happened and what to do. The engine's own message
 * goes to fault.detail and from there to the log, once, at the boundary.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/compiler.h"

struct ctx;

/* X(name, HTTP status, words when nothing better is known) */
#define ERR_LIST(X)                                                                                    \
    X(INVALID, 422, "Thông tin chưa hợp lệ, xin kiểm tra lại")                                         \
    X(LIMIT, 413, "Nội dung gửi lên quá lớn")                                                          \
    X(UNKNOWN_ACTOR, 401, "Xin đăng nhập để tiếp tục")                                                 \
    X(FORBIDDEN, 403, "Đồng chí chưa được giao quyền thực hiện việc này")                              \
    X(NOT_FOUND, 404, "Không tìm thấy nội dung này")                                                   \
    X(CONFLICT, 409, "Nội dung vừa được người khác thay đổi, xin mở lại trang")                        \
    X(TOO_MANY, 429, "Thao tác quá nhiều lần, xin thử lại sau ít phút")                                \
    X(UNAVAILABLE, 503, "Hệ thống đang bận, xin thử lại sau ít phút")                                  \
    X(SYSTEM, 500, "Hệ thống gặp sự cố, nội dung chưa được ghi; xin thử lại sau ít phút")

enum err {
    OK = 0,
#define X(name, status, words) ERR_##name,
    ERR_LIST(X)
#undef X
};

struct fault {
    enum err code;
    char words[600];  /* for the person */
    char detail[600]; /* for the log */
    char field[64];   /* the form field the words belong to; "" for the whole */
};

/* Sets the context's fault and returns `code`. The last failure wins. */
enum err fail(struct ctx *cx, enum err code, const char *words, ...) PRINTF_LIKE(3, 4) MUST_CHECK;
/* The same, with words that belong to one field of the form. */
enum err fail_field(struct ctx *cx, const char *field, const char *words, ...) PRINTF_LIKE(3, 4) MUST_CHECK;
/* The usual words of `code` for the person, and what the engine said for the log. */
enum err fail_detail(struct ctx *cx, enum err code, const char *detail, ...) PRINTF_LIKE(3, 4) MUST_CHECK;

int err_http_status(enum err code);
const char *err_words(enum err code); /* the usual words */
const char *err_name(enum err code);  /* for logs and tests */

#define TRY(expression)                                                                                \
    do {                                                                                               \
        enum err try_err = (expression);                                                               \
        if (try_err != OK)                                                                             \
            return try_err;                                                                            \
    } while (0)

#endif
