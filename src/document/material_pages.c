#include "document/document_pages.h"

#include "http/server.h"
#include "unit/unit.h"
#include "viet/viet.h"

/* ---- Taking a file in: read and kept on a pool thread, recorded on the writer ---- */

enum err material_prepare_file(struct ctx *cx, struct request *req, struct response *res)
{
    (void)res;
    int64_t document_id = 0;
    struct document document = { 0 };
    struct material *material = ARENA_NEW(&cx->arena, struct material);
    *material = (struct material){
        .name = STR(""), .content_type = STR(""), .digest = STR(""), .link = STR("")
    };
    req->prepared = material;
    TRY(request_id(cx, req, 0, &document_id));
    TRY(document_get(cx, document_id,
                     &document)); /* nobody fills the disk for a paper beyond his reach */
    if (!document_is_own(cx->actor, document.issuer_unit_id, document.issuer_path))
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy văn bản này");
    const struct request_file *file = request_file(req, "file");
    if (!file || (file->name.len == 0 && file->content.len == 0))
        return OK;
    TRY(material_sniff(cx, file->name, file->content, &material->content_type));
    material->bytes = (int64_t)file->content.len;
    return material_keep(cx, store_dir(req->app->store), file->content, &material->digest);
}

enum err material_post_file(struct ctx *cx, struct request *req, struct response *res)
{
    const struct material_form *form = req->form;
    struct material material = *(const struct material *)req->prepared;
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &material.document_id));
    material.name = form->name;
    if (material.digest.len == 0)
        material.link = form->link;
    material.deliver_before =
        form->deliver_before == DAY_NONE ? 0 : day_start(form->deliver_before);
    TRY(material_attach(cx, &material, &id));
    response_redirect(cx, res, document_url(&cx->arena, material.document_id),
                      "Đã thêm tài liệu “" STR_FMT "”.", STR_ARG(form->name));
    return OK;
}

/* The name people see, with the ending the bytes have. */
static struct str file_name_of(struct arena *arena, const struct material *material)
{
    static const struct {
        struct str part, ending;
    } endings[] = {
        { STR_INIT("pdf"), STR_INIT(".pdf") },
        { STR_INIT("wordprocessing"), STR_INIT(".docx") },
        { STR_INIT("presentation"), STR_INIT(".pptx") },
        { STR_INIT("spreadsheet"), STR_INIT(".xlsx") },
        { STR_INIT("png"), STR_INIT(".png") },
        { STR_INIT("jpeg"), STR_INIT(".jpg") },
    };
    for (size_t i = 0; i < LEN(endings); i++) {
        bool is_it = str_find(material->content_type, endings[i].part) < material->content_type.len;
        if (is_it && !str_ends(material->name, endings[i].ending))
            return str_format(arena, STR_FMT STR_FMT, STR_ARG(material->name),
                              STR_ARG(endings[i].ending));
    }
    return material->name;
}

enum err material_send_file(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t id = 0;
    struct material material = { 0 };
    struct str content = STR("");
    TRY(request_id(cx, req, 0, &id));
    TRY(material_get(cx, id, &material));
    TRY(material_open(cx, store_dir(req->app->store), &material, &content));
    response_file(res, file_name_of(&cx->arena, &material), material.content_type, content);
    return OK;
}

enum err material_post_deliver(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t id = 0;
    struct material material = { 0 };
    TRY(request_id(cx, req, 0, &id));
    TRY(material_deliver(cx, id));
    TRY(material_find(cx, id, &material));
    response_redirect(cx, res, document_url(&cx->arena, material.document_id),
                      "Đã chuyển tài liệu “" STR_FMT "” tới các đơn vị.", STR_ARG(material.name));
    return OK;
}

enum err material_post_receive(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t id = 0;
    struct material material = { 0 };
    TRY(request_id(cx, req, 0, &id));
    TRY(material_receive(cx, id));
    TRY(material_find(cx, id, &material));
    response_redirect(cx, res, document_url(&cx->arena, material.document_id),
                      "Đơn vị đã nhận tài liệu “" STR_FMT "”.", STR_ARG(material.name));
    return OK;
}

/* ---- On the paper's page ---- */

static struct str size_words(struct arena *arena, int64_t bytes)
{
    enum { KB = 1024, MB = 1024 * 1024 };
    if (bytes < MB)
        return str_format(arena, "%lld KB", (long long)((bytes + KB - 1) / KB));
    int64_t tenths = (bytes * 10 + MB / 2) / MB;
    return str_format(arena, "%lld,%lld MB", (long long)(tenths / 10), (long long)(tenths % 10));
}

static struct str material_facts(struct arena *arena, const struct material *m)
{
    struct str what = m->digest.len > 0 ? size_words(arena, m->bytes) : m->link;
    if (m->deliver_before == 0)
        return what;
    return str_format(arena, STR_FMT " · chuyển trước " STR_FMT, STR_ARG(what),
                      STR_ARG(day_format(arena, day_from_instant(m->deliver_before))));
}

static struct safe_html material_mark(struct ctx *cx, const struct material *m)
{
    struct arena *arena = &cx->arena;
    if (m->delivered_at == 0) {
        bool is_late = m->deliver_before > 0 && cx->now >= m->deliver_before;
        return page_mark(arena, is_late ? MARK_LATE : MARK_DUE,
                         is_late ? STR("Quá hạn chuyển") : STR("Chưa chuyển"));
    }
    if (m->is_mine)
        return m->my_received_at > 0 ? page_mark(arena, MARK_DONE, STR("Đơn vị đã nhận"))
                                     : page_mark(arena, MARK_DUE, STR("Đơn vị chưa xác nhận"));
    return page_mark(arena, MARK_DONE, STR("Đã chuyển"));
}

static struct paper_material view_of(struct ctx *cx, struct request *req,
                                     const struct document *document, const struct material *m,
                                     unsigned char number)
{
    struct arena *arena = &cx->arena;
    struct paper_material view = { .name = m->name,
                                   .facts = material_facts(arena, m),
                                   .mark = material_mark(cx, m),
                                   .counts = STR(""),
                                   .action = { STR("") } };
    if (m->digest.len > 0)
        view.url = url_format(arena, "/tai-lieu/%lld", (long long)m->id);
    if (m->delivered_at > 0)
        view.counts = str_format(arena, "· " STR_FMT "/" STR_FMT " đơn vị đã nhận",
                                 STR_ARG(viet_number(arena, m->received)), STR_ARG(viet_number(arena, m->sent)));
    bool is_own = document_is_own(cx->actor, document->issuer_unit_id, document->issuer_path);
    bool may_deliver = is_own && actor_may(cx->actor, PERMISSION_DOCUMENT_ISSUE) &&
                       m->delivered_at == 0 && !str_eq(document->state, DOCUMENT_STATE_DRAFT);
    struct str id = form_fact_id(arena, req, number);
    if (may_deliver)
        view.action =
            page_button(arena, url_format(arena, "/tai-lieu/%lld/chuyen", (long long)m->id),
                        STR("Chuyển tài liệu"), false,
                        STR("Chuyển tài liệu này tới mọi đơn vị đã nhận văn bản?"), req->csrf, id);
    else if (m->is_mine && m->my_received_at == 0 &&
             actor_may(cx->actor, PERMISSION_DOCUMENT_RECEIVE))
        view.action = page_button(arena, url_format(arena, "/tai-lieu/%lld/nhan", (long long)m->id),
                                  STR("Đã nhận"), false, STR(""), req->csrf, id);
    return view;
}

enum err material_view(struct ctx *cx, struct request *req, const struct document *document,
                       struct paper_view *ret_view)
{
    enum { FIRST_FORM = 16 }; /* the ids of this page's other forms stand below */
    struct material *list = NULL;
    size_t len = 0;
    TRY(material_list(cx, document->id, &list, &len));
    struct paper_material *views = ARENA_NEW_ARRAY(&cx->arena, struct paper_material, len + 1);
    for (size_t i = 0; i < len; i++)
        views[i] = view_of(cx, req, document, &list[i], (unsigned char)(FIRST_FORM + i));
    ret_view->materials = views;
    ret_view->materials_len = len;
    bool is_own = document_is_own(cx->actor, document->issuer_unit_id, document->issuer_path);
    if (!is_own || !actor_may(cx->actor, PERMISSION_DOCUMENT_DRAFT) ||
        str_eq(document->state, DOCUMENT_STATE_RECALLED))
        return OK;
    static const struct form_file file = { "file", "Tệp", ".pdf,.docx,.pptx,.xlsx,.png,.jpg,.jpeg",
                                           "PDF, DOCX, PPTX, XLSX, PNG, JPG; không quá 24 MB.",
                                           false };
    struct form_view form = { .action = url_format(&cx->arena, "/van-ban/%lld/tai-lieu",
                                                   (long long)document->id),
                              .submit_label = STR("Thêm tài liệu"),
                              .files = &file,
                              .files_len = 1,
                              .id_prefix = STR("tai-lieu-") };
    request_form_view(req, &material_form_table, NULL, &form);
    form.fact_id = form_fact_id(&cx->arena, req, 2);
    ret_view->attach_form = page_form(&cx->arena, &form);
    return OK;
}
