#include "obligation/reminder.h"

#include "obligation/obligation_inside.h"
#include "unit/unit.h"
#include "viet/viet.h"

/* ---- The round as a fact ---- */

struct reminder_sent {
    int64_t ordinal;
    int64_t period;
    int64_t within_id; /* the unit whose subtree was reminded */
    struct str channel;
};
static const struct choice channels[] = {
    { STR_INIT("zalo"), STR_INIT("Zalo") },
    { STR_INIT("sms"), STR_INIT("Tin nhắn SMS") },
    { STR_INIT("mail"), STR_INIT("Thư điện tử") },
    { STR_INIT("print"), STR_INIT("In giấy nhắc") },
};
static const struct field reminder_sent_fields[] = {
    { "ordinal", "Nhiệm vụ", FIELD_I64, FIELD_OF(struct reminder_sent, ordinal) },
    { "period", "Kỳ", FIELD_I64, FIELD_OF(struct reminder_sent, period) },
    { "within_id", "Phạm vi nhắc", FIELD_ID, FIELD_OF(struct reminder_sent, within_id), .required = true },
    { "channel", "Cách gửi", FIELD_CHOICE, FIELD_OF(struct reminder_sent, channel), .choices = channels,
      .choices_len = LEN(channels), .required = true },
};

static enum err silent_scope(struct ctx *cx, int64_t within_id, struct scope *ret_scope)
{
    struct unit within = { .id = 0 };
    TRY(unit_find(cx, within_id, &within));
    *ret_scope = unit_scope(&cx->arena, within.path);
    return OK;
}

static enum err decide_sent(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(count, "SELECT COUNT(*) FROM duty d JOIN unit u ON u.id = d.unit_id WHERE d.obligation_id = $1"
               " AND d.period = $2 AND d.state = 'open' AND u.path >= $3 AND u.path < $4");
    const struct reminder_sent *sent = body;
    struct scope scope = { .path_lo = STR("") };
    int64_t silent = 0;
    TRY(silent_scope(cx, sent->within_id, &scope));
    TRY(db_i64(cx, &count,
               BIND(V(obligation_id_of(fact->subject_id, sent->ordinal)), V(sent->period), V(scope.path_lo),
                    V(scope.path_hi)),
               &silent));
    if (silent == 0)
        return fail(cx, ERR_CONFLICT, "Các đơn vị đã thực hiện đủ, không còn đơn vị nào cần nhắc");
    return OK;
}

static enum err apply_sent(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(find_round, "SELECT COALESCE(MAX(round), 0) FROM reminder WHERE obligation_id = $1 AND period = $2"
                    " AND unit_id = $3");
    SQL(insert, "INSERT INTO reminder (id, obligation_id, period, round, at, account_id, unit_id, channel, sent)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    SQL(reach, "INSERT INTO reminder_unit (reminder_id, unit_id) SELECT $1, d.unit_id FROM duty d"
               " JOIN unit u ON u.id = d.unit_id WHERE d.obligation_id = $2 AND d.period = $3 AND d.state = 'open'"
               " AND u.path >= $4 AND u.path < $5");
    const struct reminder_sent *sent = body;
    int64_t obligation_id = obligation_id_of(fact->subject_id, sent->ordinal);
    struct scope scope = { .path_lo = STR("") };
    int64_t round = 0;
    int64_t reached = 0;
    TRY(silent_scope(cx, sent->within_id, &scope));
    TRY(db_i64(cx, &find_round, BIND(V(obligation_id), V(sent->period), V(fact->unit_id)), &round));
    TRY(db_run_count(cx, &reach,
                     BIND(V(fact->seq), V(obligation_id), V(sent->period), V(scope.path_lo), V(scope.path_hi)),
                     &reached));
    return db_run(cx, &insert,
                  BIND(V(fact->seq), V(obligation_id), V(sent->period), V(round + 1), V(fact->at),
                       VN(fact->account_id), V(fact->unit_id), V(sent->channel), V(reached)));
}

static const struct fact_kind kinds[] = {
    { .name = STR_INIT("reminder.sent"),
      .words = STR_INIT("Nhắc các đơn vị chưa thực hiện"),
      .fields = FIELD_TABLE(struct reminder_sent, reminder_sent_fields),
      .decide = decide_sent,
      .apply = apply_sent },
};
const struct fact_kinds reminder_facts = { kinds, LEN(kinds) };

/* A seat that leads an area reminds the whole of it; another one only its own unit's subtree. */
static enum err reach_of_actor(struct ctx *cx, int64_t *ret_unit_id)
{
    struct unit own = { .id = 0 };
    struct unit place = { .id = 0 };
    TRY(unit_find(cx, cx->actor->unit_id, &own));
    TRY(unit_find(cx, own.place_id, &place));
    *ret_unit_id = unit_scope_holds(&cx->actor->scope, place.path) ? place.id : own.id;
    return OK;
}

enum err reminder_send(struct ctx *cx, int64_t obligation_id, struct str channel, int64_t *ret_id)
{
    struct obligation o = { .id = 0 };
    struct reminder_sent sent = { .channel = channel };
    TRY(obligation_get(cx, obligation_id, &o));
    TRY(reach_of_actor(cx, &sent.within_id));
    sent.ordinal = o.ordinal;
    sent.period = o.period;
    return fact_record(cx, &kinds[0], cx->actor->unit_id, o.document_id, &sent, ret_id);
}

enum err reminder_rounds(struct ctx *cx, int64_t obligation_id, struct reminder_list *ret_list)
{
    enum { ROUNDS_MAX = 100 };
    SQL(list, "SELECT r.id, r.obligation_id, r.period, r.round, r.at, a.name, r.channel, r.sent,"
              " (SELECT COUNT(*) FROM reminder_unit ru JOIN duty d ON d.obligation_id = r.obligation_id"
              " AND d.unit_id = ru.unit_id AND d.period = r.period WHERE ru.reminder_id = r.id AND d.state = 'open')"
              " FROM reminder r LEFT JOIN account a ON a.id = r.account_id WHERE r.obligation_id = $1"
              " AND r.unit_id = $2 ORDER BY r.id DESC");
    struct reminder_list rounds = { .at = ARENA_NEW_ARRAY(&cx->arena, struct reminder, ROUNDS_MAX) };
    struct rows rows = db_rows(cx, &list, BIND(V(obligation_id), V(cx->actor->unit_id)));
    while (rounds.len < ROUNDS_MAX && rows_next(&rows)) {
        struct reminder *r = &rounds.at[rounds.len++];
        r->id = rows_i64(&rows);
        r->obligation_id = rows_i64(&rows);
        r->period = rows_i64(&rows);
        r->round = rows_i64(&rows);
        r->at = rows_i64(&rows);
        r->by_name = rows_str(&rows);
        r->channel = rows_str(&rows);
        r->sent = rows_i64(&rows);
        r->silent = rows_i64(&rows);
    }
    TRY(rows_end(&rows));
    *ret_list = rounds;
    return OK;
}

/* ---- Words ---- */

/* One run of letters without its marks, in the letters' own size: "UBND", "H", "Leo". */
static struct str plain_run(struct arena *arena, struct str run)
{
    struct str folded = viet_fold(arena, run);
    bool is_capital = !str_eq(viet_lower_first(arena, run), run);
    if (!is_capital)
        return folded;
    bool is_upper = str_count_code_points(run) > 1 && str_eq(viet_upper(arena, run), run);
    return is_upper ? viet_upper(arena, folded) : viet_upper_first(arena, folded);
}

struct str reminder_plain(struct arena *arena, struct str text)
{
    struct buf out;
    buf_init(&out, arena);
    for (size_t at = 0; at < text.len;) {
        size_t end = at;
        while (end < text.len && text.at[end] != ' ' && text.at[end] != '\'' && text.at[end] != '-')
            end++;
        buf_put(&out, plain_run(arena, str_sub(text, at, end - at)));
        if (end < text.len)
            buf_put_char(&out, text.at[end]);
        at = end + 1;
    }
    return buf_str(&out);
}

int64_t reminder_parts(struct str plain)
{
    enum { PART_OF_SEVERAL = 153 };
    int64_t letters = (int64_t)str_count_code_points(plain);
    return letters <= REMINDER_SMS_CHARACTERS ? 1 : (letters + PART_OF_SEVERAL - 1) / PART_OF_SEVERAL;
}

/* The first words of a task, whole words only, at most `max` bytes. */
static struct str brief(struct arena *arena, struct str text, size_t max)
{
    if (text.len <= max)
        return text;
    while (max > 0 && text.at[max] != ' ')
        max--;
    return str_format(arena, STR_FMT "...", STR_ARG(str_sub(text, 0, max)));
}

struct writing {
    const struct obligation *obligation;
    struct document document;
    struct str base;
    struct str contact; /* whom the paper names to ask; "" when it names nobody */
};

static enum err begin_writing(struct ctx *cx, const struct obligation *o, struct str base, struct writing *ret_writing)
{
    struct writing writing = { .obligation = o, .base = base };
    struct plan plan = { .contacts_len = 0 };
    TRY(document_find(cx, o->document_id, &writing.document));
    if (writing.document.content.len > 0)
        TRY(plan_parse(cx, writing.document.content, &plan));
    if (plan.contacts_len > 0)
        writing.contact =
            str_format(&cx->arena, "đồng chí " STR_FMT ", " STR_FMT ", điện thoại " STR_FMT,
                       STR_ARG(plan.contacts[0].name), STR_ARG(plan.contacts[0].role), STR_ARG(plan.contacts[0].phone));
    *ret_writing = writing;
    return OK;
}

/* What both letters say alike. */
static void fill_parts(struct ctx *cx, const struct writing *writing, struct reminder_message *message)
{
    const struct obligation *o = writing->obligation;
    message->task = o->text;
    message->due = o->due_words;
    message->source = str_format(&cx->arena, STR_FMT ", " STR_FMT, STR_ARG(document_title(&cx->arena, &writing->document)),
                                 STR_ARG(o->place));
    message->contact = writing->contact;
}

/* The last line of a message: whom to ask. */
static struct str contact_line(struct ctx *cx, const struct writing *writing)
{
    return writing->contact.len == 0 ? STR("") :
                                       str_format(&cx->arena, "\nLiên hệ: " STR_FMT ".", STR_ARG(writing->contact));
}

static void write_to_unit(struct ctx *cx, const struct writing *writing, struct reminder_message *message)
{
    const struct obligation *o = writing->obligation;
    struct arena *arena = &cx->arena;
    struct due due = { .due_at = o->due_at };
    message->link = str_format(arena, STR_FMT STR_FMT, STR_ARG(writing->base),
                               STR_ARG(duty_url(arena, o->id, message->unit_id, o->period).text));
    message->text = str_format(
        arena,
        "Kính gửi " STR_FMT ",\nĐến " STR_FMT ", đơn vị chưa thực hiện: " STR_FMT "\nThời hạn: " STR_FMT
        ", theo " STR_FMT ", " STR_FMT ".\nĐề nghị đồng chí thực hiện tại: " STR_FMT STR_FMT,
        STR_ARG(message->unit_name), STR_ARG(instant_format(arena, cx->now)), STR_ARG(o->text),
        STR_ARG(o->due_words), STR_ARG(document_title(arena, &writing->document)), STR_ARG(o->place),
        STR_ARG(message->link), STR_ARG(contact_line(cx, writing)));
    fill_parts(cx, writing, message);
    struct str when = due_words_short(arena, &due);
    message->sms = reminder_plain(
        arena, str_format(arena, "De nghi " STR_FMT " thuc hien: " STR_FMT STR_FMT STR_FMT " (" STR_FMT ").",
                          STR_ARG(message->unit_name), STR_ARG(brief(arena, o->text, 80)),
                          STR_ARG(when.len > 0 ? STR(", ") : STR("")), STR_ARG(when), STR_ARG(o->source)));
    message->sms = str_format(arena, STR_FMT " " STR_FMT, STR_ARG(message->sms), STR_ARG(message->link));
    message->sms_parts = reminder_parts(message->sms);
}

/* ---- The messages of a round ---- */

static enum err find_round(struct ctx *cx, int64_t reminder_id, struct reminder *ret_reminder)
{
    SQL(find, "SELECT obligation_id, period, round, at, channel FROM reminder WHERE id = $1 AND unit_id = $2");
    struct reminder reminder = { .id = reminder_id };
    struct rows rows = db_rows(cx, &find, BIND(V(reminder_id), V(cx->actor->unit_id)));
    bool is_found = rows_next(&rows);
    if (is_found) {
        reminder.obligation_id = rows_i64(&rows);
        reminder.period = rows_i64(&rows);
        reminder.round = rows_i64(&rows);
        reminder.at = rows_i64(&rows);
        reminder.channel = rows_str(&rows);
    }
    TRY(rows_end(&rows));
    if (!is_found)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy lần nhắc này");
    *ret_reminder = reminder;
    return OK;
}

/* A unit that the round reached. */
struct reached {
    int64_t unit_id;
    struct str unit_name;
    struct str path;
    bool is_utility;
    bool is_met;
};
struct reached_list {
    struct reached *at;
    size_t len;
};

static enum err list_reached(struct ctx *cx, const struct reminder *reminder, struct reached_list *ret_list)
{
    SQL(list, "SELECT u.id, u.full_name, u.path, u.line, d.state FROM reminder_unit r JOIN unit u ON u.id = r.unit_id"
              " JOIN duty d ON d.obligation_id = $2 AND d.unit_id = r.unit_id AND d.period = $3"
              " WHERE r.reminder_id = $1 ORDER BY u.path");
    struct reached_list reached = { .at = ARENA_NEW_ARRAY(&cx->arena, struct reached, DUTY_UNITS_MAX) };
    struct rows rows = db_rows(cx, &list, BIND(V(reminder->id), V(reminder->obligation_id), V(reminder->period)));
    while (reached.len < DUTY_UNITS_MAX && rows_next(&rows)) {
        struct reached *one = &reached.at[reached.len++];
        one->unit_id = rows_i64(&rows);
        one->unit_name = rows_str(&rows);
        one->path = rows_str(&rows);
        one->is_utility = str_eq(rows_str(&rows), STR("utility"));
        one->is_met = !str_eq(rows_str(&rows), STR("open"));
    }
    TRY(rows_end(&rows));
    *ret_list = reached;
    return OK;
}

/* The province a path goes through: its second step. "" for a body of the nation itself. */
static struct str province_step(struct str path)
{
    enum { STEP = 9 };
    return path.len > (size_t)STEP * 2 ? str_sub(path, STEP, STEP - 1) : STR("");
}

static enum err write_to_province(struct ctx *cx, const struct writing *writing, struct str step,
                                  const struct reached *communes, size_t len, struct reminder_message *message)
{
    const struct obligation *o = writing->obligation;
    struct arena *arena = &cx->arena;
    struct unit committee = { .id = 0 };
    unsigned char bytes[4];
    if (!str_to_bytes_hex(step, bytes, sizeof bytes))
        return fail_detail(cx, ERR_SYSTEM, "path step of a unit is no id");
    int64_t province_id = ((int64_t)bytes[0] << 24) | (bytes[1] << 16) | (bytes[2] << 8) | bytes[3];
    TRY(unit_find_body(cx, province_id, STR("tinh_uy"), &committee));
    struct str *names = ARENA_NEW_ARRAY(arena, struct str, len);
    size_t silent = 0;
    for (size_t i = 0; i < len; i++) {
        if (!communes[i].is_met)
            names[silent++] = communes[i].unit_name;
    }
    size_t shown = silent < REMINDER_NAMES_MAX ? silent : REMINDER_NAMES_MAX;
    struct str list = str_join(arena, names, shown, STR(", "));
    message->unit_id = committee.id;
    message->unit_name = committee.full_name;
    message->is_met = silent == 0;
    message->link = str_format(arena, STR_FMT STR_FMT "?loc=chua", STR_ARG(writing->base),
                               STR_ARG(obligation_url(arena, o->id).text));
    message->text = str_format(
        arena,
        "Kính gửi " STR_FMT ",\nĐến " STR_FMT ", trên địa bàn còn " STR_FMT " đơn vị chưa thực hiện: " STR_FMT
        "\nThời hạn: " STR_FMT ", theo " STR_FMT ", " STR_FMT ".\nGồm: " STR_FMT
        "%s.\nĐề nghị đồng chí đôn đốc; danh sách đầy đủ tại: " STR_FMT STR_FMT,
        STR_ARG(committee.full_name), STR_ARG(instant_format(arena, cx->now)), STR_ARG(viet_number(arena, (int64_t)silent)),
        STR_ARG(o->text),
        STR_ARG(o->due_words), STR_ARG(document_title(arena, &writing->document)), STR_ARG(o->place), STR_ARG(list),
        shown < silent ? " và các đơn vị khác" : "", STR_ARG(message->link), STR_ARG(contact_line(cx, writing)));
    fill_parts(cx, writing, message);
    message->names = str_join(arena, names, silent, STR("; ")); /* on paper there is room for all of them */
    message->sms = reminder_plain(arena, str_format(arena, "Dia ban " STR_FMT " con %zu don vi chua thuc hien: " STR_FMT
                                                           " (" STR_FMT ").",
                                                    STR_ARG(committee.full_name), silent,
                                                    STR_ARG(brief(arena, o->text, 60)), STR_ARG(o->source)));
    message->sms = str_format(arena, STR_FMT " " STR_FMT, STR_ARG(message->sms), STR_ARG(message->link));
    message->sms_parts = reminder_parts(message->sms);
    return OK;
}

enum err reminder_write(struct ctx *cx, int64_t reminder_id, struct str base, bool to_provinces,
                        struct reminder_messages *ret_messages)
{
    struct reminder reminder = { .id = 0 };
    struct reached_list reached = { .len = 0 };
    struct obligation o = { .id = 0 };
    struct writing writing = { .obligation = NULL };
    TRY(find_round(cx, reminder_id, &reminder));
    TRY(list_reached(cx, &reminder, &reached));
    TRY(obligation_find(cx, reminder.obligation_id, &o));
    TRY(begin_writing(cx, &o, base, &writing));
    struct reminder_messages messages = { .at = ARENA_NEW_ARRAY(&cx->arena, struct reminder_message, reached.len + 1) };
    for (size_t i = 0; i < reached.len;) {
        struct str step = province_step(reached.at[i].path);
        struct reminder_message *message = &messages.at[messages.len++];
        if (to_provinces && step.len > 0) {
            size_t end = i;
            while (end < reached.len && str_eq(province_step(reached.at[end].path), step))
                end++;
            TRY(write_to_province(cx, &writing, step, &reached.at[i], end - i, message));
            i = end;
            continue;
        }
        message->unit_id = reached.at[i].unit_id;
        message->unit_name = reached.at[i].unit_name;
        message->has_no_account = reached.at[i].is_utility;
        message->is_met = reached.at[i].is_met;
        write_to_unit(cx, &writing, message);
        i++;
    }
    *ret_messages = messages;
    return OK;
}
