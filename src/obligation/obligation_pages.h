/*
 * obligation_pages: what the templates of this room are given.
 */
#ifndef OBLIGATION_OBLIGATION_PAGES_H
#define OBLIGATION_OBLIGATION_PAGES_H

#include "obligation/obligation.h"
#include "obligation/reminder.h"
#include "page/page.h"

/* One duty in a list: its mark and time left, what, by when, to whom, by which paper, and the one action that meets it. */
struct duty_row {
    struct safe_html mark;
    struct str title;
    struct url url;
    struct str unit_name; /* "" on a unit's own list */
    struct str due;
    struct str to;        /* "gửi Ban Tổ chức Tỉnh ủy"; "" when the paper names nobody */
    struct str head;      /* who answers in person; "" */
    struct str paper;     /* "664-KH/HVCTQG, mục 5.1, đoạn 1" */
    struct url paper_url;
    struct str changed;   /* "thời hạn cũ: trước ngày 21/5/2026"; "" */
    struct str reason;    /* why it was withdrawn; "" */
    struct str done;      /* "xong lúc 08:52 ngày 15/5/2026"; "" */
    struct safe_html action; /* empty when there is none */
    bool is_withdrawn;
};

struct duty_section {
    struct str title; /* "" for none */
    struct duty_row *rows;
    size_t len;
};

struct today_tab {
    struct str name;
    struct url url;
    int64_t count;
    bool is_current;
    bool is_late;
};

struct today_view {
    struct safe_html blocks; /* what the moment asks, by rooms below */
    struct today_tab tabs[DUTY_TABS];
    struct duty_section sections[DUTY_TABS];
    size_t sections_len;
    struct str empty_why;  /* "" when there is something */
    struct str empty_next;
};
void page_today(struct html *h, const struct today_view *view);

/* Obligations that another waits for, or that carry it out below: counts, and what is refined. */
struct awaited_row {
    struct str text;
    struct url url;
    struct str paper;
    struct str due;
    struct safe_html mark; /* "69 trên 69 đơn vị đã xong" */
};
struct awaited_view {
    struct str title;
    struct str words; /* "Cấp dưới đã xong đủ" or what is missing */
    struct awaited_row *rows;
    size_t len;
};

struct event_row {
    struct str at;
    struct str words;
    struct str note;
    struct str file_name; /* "" for none */
    struct url file_url;
};

struct duty_view {
    const struct duty *duty;
    struct safe_html mark;
    struct duty_row row;
    struct str text;
    struct str old_text;
    struct str coordinators;
    struct str text_of_paper;
    struct url obligation_url;
    struct awaited_view awaited;
    struct awaited_view lower;
    struct event_row *events;
    size_t events_len;
    struct safe_html form;   /* closing or reopening; empty when a fact closes it */
    struct str form_title;
    struct safe_html link_form; /* a personal link for a unit without account; empty otherwise */
};
void page_duty(struct html *h, const struct duty_view *view);

struct reminder_row {
    struct str words; /* "Lần 2, Zalo, 09:12 ngày 21/5/2026: 23 đơn vị, còn 4 đơn vị chưa thực hiện" */
    struct url url;
};
struct obligation_view {
    const struct obligation *obligation;
    struct str paper;
    struct url paper_url;
    struct duty_figures figures;
    struct safe_html pager;
    struct today_tab filters[2]; /* all, silent */
    struct duty_row *rows;
    size_t len;
    struct awaited_view awaited;
    struct reminder_row *rounds;
    size_t rounds_len;
    struct safe_html remind_form; /* empty without the permission or when nobody is silent */
};
void page_obligation(struct html *h, const struct obligation_view *view);

struct register_view {
    struct str state, text; /* the filters as asked */
    struct duty_row *rows;
    size_t len;
    struct str found;
};
void page_register(struct html *h, const struct register_view *view);

struct message_row {
    struct str title;
    struct str id; /* for copying */
    struct str text;
    struct str sms_words; /* "SMS: 148 ký tự, 1 tin" */
    struct str sms_id;
    struct str sms;
    struct str account_words; /* "" or that the unit needs a personal link */
    struct url duty_url;
};
/* The same round on paper: a sheet for each addressee who is still silent. */
struct letter {
    struct reminder_message message;
    struct safe_html qr;
};
struct letters_view {
    struct str sender, place_day; /* "Tỉnh ủy Quảng Ngãi"; "Thứ Sáu, 22/5/2026" */
    struct str asked_at;          /* as it stood when this was printed */
    struct str round;             /* "Lần nhắc thứ 2" */
    struct letter *at;
    size_t len;
    struct safe_html pager;       /* a printer takes some hundred sheets at a time */
};
void page_letters(struct html *h, const struct letters_view *view);

struct reminder_view {
    struct str words;
    struct url print_url;
    struct today_tab ways[2]; /* to the units themselves, to the provinces */
    struct message_row *rows;
    size_t len;
    struct str more; /* "" or how many are not shown */
};
void page_reminder(struct html *h, const struct reminder_view *view);

struct holiday_row {
    struct str day, name, kind, source;
};
struct holidays_view {
    struct holiday_row *rows;
    size_t len;
    struct safe_html form; /* empty for who may not declare */
};
void page_holidays(struct html *h, const struct holidays_view *view);

/* Beside the paper: what it orders, to whom it went, and in a draft the doubts with their form. */
struct order_row {
    struct str place;
    struct str text;
    struct str due;
    struct str owner;
    struct safe_html mark; /* done of total; or the doubt */
    struct url url;        /* empty in a draft */
    struct safe_html form; /* of a doubtful owner in a draft */
    struct str changed;
    bool is_withdrawn;
};
struct orders_view {
    struct str title;
    struct url page_url; /* where a draft's doubts are settled; empty elsewhere */
    struct order_row *rows;
    size_t len;
};
void page_orders(struct html *h, const struct orders_view *view);

#endif
