#include "point/point_pages.h"

#include "viet/viet.h"

/*
 * What a line must do to carry a lecture both ways. The officer at the point confirms, with a reason when against it.
 * Delay: ITU-T G.114 calls up to 150 ms one way good for conversation, so 300 ms there and back. Loss: ITU-T G.1010 allows
 * 1 % for video conversation. Rate: one 720p picture each way takes about 1.5 Mbit/s as conference systems encode it, and
 * a third more for sound and repeats: our own allowance, no rule of law.
 */
enum { RTT_MS_MAX = 300, LOSS_PERMILLE_MAX = 10, RATE_KBPS_MIN = 2000 };

static const struct limit {
    const char *name;
    size_t offset;
    int64_t min, max; /* max 0: no upper bound */
    const char *words;
    const char *measure;
} limits[] = {
    { "rtt_ms", offsetof(struct point_tested, rtt_ms), 0, RTT_MS_MAX, "độ trễ", "ms" },
    { "loss_permille", offsetof(struct point_tested, loss_permille), 0, LOSS_PERMILLE_MAX, "mất gói", "phần nghìn" },
    { "down_kbps", offsetof(struct point_tested, down_kbps), RATE_KBPS_MIN, 0, "tốc độ tải xuống", "kbit/s" },
    { "up_kbps", offsetof(struct point_tested, up_kbps), RATE_KBPS_MIN, 0, "tốc độ tải lên", "kbit/s" },
    { "echo_rtt_ms", offsetof(struct point_tested, echo_rtt_ms), 0, RTT_MS_MAX, "độ trễ hình, tiếng", "ms" },
    { "echo_loss_permille", offsetof(struct point_tested, echo_loss_permille), 0, LOSS_PERMILLE_MAX, "mất hình, tiếng", "phần nghìn" },
};

static void add_words(struct buf *out)
{
    if (out->len > 0)
        buf_put(out, STR("; "));
}

struct str point_limit_words(struct arena *arena, struct str name, int64_t *ret_min, int64_t *ret_max)
{
    *ret_min = 0;
    *ret_max = 0;
    for (size_t i = 0; i < LEN(limits); i++) {
        if (!str_eq(name, str_from(limits[i].name)))
            continue;
        *ret_min = limits[i].min;
        *ret_max = limits[i].max;
        return str_format(arena, "%s " STR_FMT " %s", limits[i].max > 0 ? "không quá" : "từ",
                          STR_ARG(viet_number(arena, limits[i].max > 0 ? limits[i].max : limits[i].min)), limits[i].measure);
    }
    return STR("");
}

bool point_judge(struct arena *arena, const struct point_tested *tested, struct str *ret_words)
{
    struct buf out;
    buf_init(&out, arena);
    for (size_t i = 0; i < LEN(limits); i++) {
        int64_t value = *(const int64_t *)(const void *)((const char *)tested + limits[i].offset);
        bool is_low = value < limits[i].min;
        bool is_high = limits[i].max > 0 && value > limits[i].max;
        if (!is_low && !is_high)
            continue;
        add_words(&out);
        buf_format(&out, "%s " STR_FMT " %s, cần %s " STR_FMT, limits[i].words, STR_ARG(viet_number(arena, value)),
                   limits[i].measure, is_low ? "từ" : "không quá",
                   STR_ARG(viet_number(arena, is_low ? limits[i].min : limits[i].max)));
    }
    if (str_eq(tested->camera, STR("no"))) {
        add_words(&out);
        buf_put(&out, STR("trình duyệt không thấy camera"));
    }
    if (str_eq(tested->microphone, STR("no"))) {
        add_words(&out);
        buf_put(&out, STR("trình duyệt không thấy micro"));
    }
    if (str_eq(tested->echo, STR("failed"))) {
        add_words(&out);
        buf_put(&out, STR("hình, tiếng không vọng lại"));
    }
    *ret_words = buf_str(&out);
    return out.len == 0;
}
