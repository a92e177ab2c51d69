#include "http/live.h"

#include "http/server.h"

void response_stream(struct response *res, int64_t unit_id, int64_t subject_id)
{
    res->is_stream = true;
    res->stream_unit_id = unit_id;
    res->stream_subject_id = subject_id;
}

void live_set_render(struct app *app, live_render render)
{
    app->render_live = render;
}
