#include "paper/docx_walk.h"

/* The notes called so far: after the paragraph or the table that calls them. */
enum err walk_put_called_notes(struct walk *w)
{
    if (w->frames_len > 1 || w->tables_len > 0 || w->frames[0].paragraph.is_carried)
        return OK;
    for (size_t i = 0; i < w->called_len; i++) {
        const struct called_note *called = &w->called[i];
        const struct docx_note *note = &called->notes->at[called->at];
        for (size_t at = note->from; at < note->from + note->len; at++) {
            struct paper_block block = called->notes->blocks.at[at];
            block.note = called->number;
            TRY(block_add(w->cx, w->list, &block));
        }
    }
    w->called_len = 0;
    return OK;
}

static enum err refuse_notes(struct walk *w)
{
    return fail(w->cx, ERR_LIMIT, "Tệp Word này có hơn %d chú thích; xin tách lấy phần văn bản cần nhận", NOTES_MAX);
}

static enum err call_note(struct walk *w, struct docx_notes *notes, struct str id)
{
    size_t at = 0;
    while (at < notes->len && !str_eq(notes->at[at].id, id))
        at++;
    if (at == notes->len)
        return OK;
    if (w->called_len == NOTES_MAX || notes->numbered > PAPER_BLOCKS_MAX)
        return refuse_notes(w);
    w->called = array_for_one_more(&w->cx->arena, w->called, w->called_len, sizeof *w->called);
    w->called[w->called_len++] = (struct called_note){ notes, at, notes->numbered };
    return OK;
}

/* The mark is the note's number in the order of calling, unless the writer typed one of his own (17.11.14). */
enum err walk_open_note_mark(struct walk *w, const struct xml_event *event)
{
    bool is_foot = str_eq(event->name, STR("footnoteReference"));
    struct docx_notes *notes = is_foot ? &w->docx->footnotes : &w->docx->endnotes;
    bool is_typed = xml_has(event, "customMarkFollows") && !str_eq(xml_value(event, "customMarkFollows"), STR("0"));
    if (w->notes || w->kind != PAPER_PARAGRAPH || !walk_is_seen(w))
        return OK;
    if (!is_typed) {
        notes->numbered++;
        struct str number = str_format(&w->cx->arena, "%d", notes->numbered);
        for (size_t i = 0; i < number.len; i++)
            walk_put_sign(w, superscript_of((unsigned char)number.at[i]));
    }
    TRY(call_note(w, notes, xml_value(event, "id")));
    if (is_typed && w->called_len > 0)
        w->called[w->called_len - 1].number = 0;
    return OK;
}

/* Lines that part notes from the page are no notes (17.18.33). */
enum err walk_open_note(struct walk *w, const struct xml_event *event)
{
    struct str type = xml_value(event, "type");
    if (!w->notes)
        return OK;
    if (type.len > 0 && !str_eq(type, STR("normal"))) {
        w->is_skip_due = true;
        return OK;
    }
    struct docx_notes *notes = w->notes;
    if (notes->len == NOTES_MAX)
        return refuse_notes(w);
    notes->at = array_for_one_more(&w->cx->arena, notes->at, notes->len, sizeof *notes->at);
    notes->at[notes->len++] = (struct docx_note){ str_copy(&w->cx->arena, xml_value(event, "id")), w->list->len, 0 };
    return OK;
}

enum err walk_close_note(struct walk *w)
{
    if (!w->notes || w->notes->len == 0)
        return OK;
    TRY(walk_finish_paragraph(w));
    struct docx_note *note = &w->notes->at[w->notes->len - 1];
    note->len = w->list->len - note->from;
    return OK;
}
