/*
 * account_pages: what the room's pages show. Handlers fill a view, templates loop over it. Inside
 * the room.
 */
#ifndef ACCOUNT_ACCOUNT_PAGES_H
#define ACCOUNT_ACCOUNT_PAGES_H

#include "account/session.h"
#include "account/trail.h"
#include "page/page.h"

struct sign_in_view {
    struct safe_html fields;
    struct str error;    /* that belongs to no field */
    struct str way_back; /* where the person wanted to go */
    bool is_empty;       /* no account yet: the way to /khoi-tao */
};

struct code_view {
    struct safe_html fields;
    struct str error;
    struct str way_back;
};

/* One's own second factor: to be switched on, or the state it is in. */
struct factor_view {
    bool is_on;
    bool is_wanted; /* one of the account's seats opens only with it */
    struct str made;
    int64_t recovery_left;
    struct str secret;       /* carried by the form */
    struct str secret_parts; /* in fours, to be typed */
    struct str picture;      /* the path of the code's dark squares */
    int picture_size;
    const struct str *recovery;
    size_t recovery_len;
    struct safe_html fields;
    struct safe_html hidden;
    struct str error;
    struct safe_html remove_form;
};

struct factor_rule_view {
    struct str words;
    struct safe_html form;
    bool may_set;
};

struct first_view {
    struct safe_html form;
};

struct seat_view {
    const struct account_grant *grant;
    struct safe_html button; /* sit here; empty for the present one */
    struct str until;        /* "đến hết ngày 31/12/2026"; "" without an end */
    bool is_current;
};

struct seats_view {
    struct seat_view *seats;
    size_t seats_len;
    bool owes_factor; /* a seat opens only with the second factor, and this session came without */
};

struct session_view {
    struct session session;
    struct str opened, seen;
    struct safe_html button;
};

struct token_view {
    struct account_token token;
    struct str allowed; /* what it may do, in words */
    struct str until;
    bool is_over;
    struct safe_html button;
};

struct own_view {
    struct str login;
    struct seats_view seats;
    struct session_view *sessions;
    size_t sessions_len;
    struct token_view *tokens;
    size_t tokens_len;
    struct safe_html password_form;
    bool may_read_trail;
    bool has_factor;
};

struct account_line {
    struct account account;
    struct url url;
    struct str state; /* "Đang dùng", "Đã khóa", "Chưa có mật khẩu" */
    enum state_mark mark;
    struct safe_html mark_html;
};

struct accounts_view {
    struct str search;
    struct account_line *lines;
    size_t len;
    int64_t count;
    bool is_cut; /* more than are shown */
};

struct new_account_view {
    struct str search;
    struct safe_html form;
    bool has_units;
};

struct grant_line {
    struct account_grant grant;
    struct str reach;
    struct str days;
    struct str state;
    bool is_open;
    struct safe_html revoke_form;
};

struct account_view {
    struct account account;
    struct str made;
    struct grant_line *grants;
    size_t grants_len;
    struct str unit_search;
    struct safe_html grant_form;
    bool has_units;
    struct safe_html password_form;
    struct safe_html lock_form;
    struct safe_html sign_out_button;
    struct str factor_since; /* "" when there is none */
    struct safe_html factor_form;
    const struct role *roles;
    size_t roles_len;
};

struct link_line {
    struct account_link link;
    struct str allowed;
    struct str made, until;
    struct str state;
    bool is_open;
    struct safe_html button;
};

struct keys_view {
    struct link_line *links;
    size_t links_len;
    struct token_view *tokens;
    size_t tokens_len;
};

struct trail_view {
    struct trail_query query;
    struct str from_text, to_text;
    const struct trail_entry *entries;
    size_t len;
    struct str *times;
    struct choice *kinds; /* what may be asked for */
    size_t kinds_len;
    struct url older_url; /* "" when this is the end */
    bool shows_tabs;
};

void part_account_tabs(struct html *h, size_t current);
void part_link_button(struct html *h, struct url url, struct str words);
void part_token_rows(struct html *h, const struct token_view *tokens, size_t len);
void page_sign_in(struct html *h, const struct sign_in_view *view);
void page_sign_in_code(struct html *h, const struct code_view *view);
void page_own_factor(struct html *h, const struct factor_view *view);
void page_factor_rule(struct html *h, const struct factor_rule_view *view);
void page_first_account(struct html *h, const struct first_view *view);
void page_seats(struct html *h, const struct seats_view *view);
void page_own_account(struct html *h, const struct own_view *view);
void page_account_list(struct html *h, const struct accounts_view *view);
void page_account_new(struct html *h, const struct new_account_view *view);
void page_account_one(struct html *h, const struct account_view *view);
void page_account_keys(struct html *h, const struct keys_view *view);
void page_trail(struct html *h, const struct trail_view *view);

/* Shared by the handlers of both files of pages. */
enum err account_fill_seats(struct ctx *cx, const struct request *req, int64_t account_id,
                            struct seats_view *ret_view) MUST_CHECK;
/* The days a seat counts, in words. */
struct str account_days_words(struct arena *arena, int32_t from_day, int32_t to_day);

/* Where a seat's work begins; NULL: none is chosen. */
struct url account_home_of(const struct role *role);
enum err account_find_seat_role(struct ctx *cx, int64_t grant_id,
                                const struct role **ret_role) MUST_CHECK;
/* The address a sign-in was asked from, when it is one of ours and leads into no circle. */
bool account_is_way_back(struct str path, struct url *ret_url);
/* One's own password once more, under the limits of signing in. For prepare steps: it is slow. */
enum err account_check_own_password(struct ctx *cx, const struct request *req,
                                    struct str password) MUST_CHECK;
/* Where a fresh session goes: the way back, the seat's first page, or the page that switches the
 * second factor on when the seat opens only with it. */
enum err account_find_way_in(struct ctx *cx, int64_t account_id, int64_t grant_id,
                             enum session_stage stage, struct str way_back,
                             struct url *ret_url) MUST_CHECK;

/* A new password typed twice: alike, strong enough for this account, hashed. Runs in a prepare
 * step. */
struct new_password {
    struct str new_password;
    struct str password_again;
};
enum err account_prepare_password(struct ctx *cx, const struct request *req,
                                  const struct new_password *typed, const struct str *words,
                                  size_t words_len, bool is_strong,
                                  struct str *ret_hash) MUST_CHECK;

enum err account_fill_own_tokens(struct ctx *cx, const struct request *req,
                                 struct own_view *view) MUST_CHECK;

#endif
