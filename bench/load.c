/*
 * load: a closed-loop HTTP client for the benchmarks, on one thread and epoll, lean enough to share two cores with the
 * server it measures.
 *
 *   load --port P --began NS    how long after that instant (date +%s%N) the server answers /healthz, in ms
 *   load --port P --connections C --seconds S (--get PATH [--cookie TEXT] | --requests FILE) [--boards FILE --boards-len N]
 *
 * FILE of requests, a line each, tab-separated: path, cookie, body, topic. Every line is sent once, in order, by
 * whichever connection is free; "{id}" in the body becomes 32 hex digits of its own. FILE of boards: path, cookie,
 * topic; N streams are opened round robin over its lines and kept open while the requests run. From an answer to the
 * next event on a board of the same topic is the time to the screen (an event already on its way counts too, which
 * flatters by at most a tick's writing time).
 *
 * Prints one line of JSON.
 */
#include "base/ctx.h"
#include "base/str.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { REQUESTS_MAX = 4 << 20, LATENCIES_MAX = 8 << 20, READ_BYTES = 64 << 10, TOPICS_MAX = 1 << 20, BOARDS_MAX = 1 << 16, FILE_MAX = 1 << 30 };

struct request {
    struct str text;
    int topic;
};

struct peer {
    int fd;
    bool is_board;
    bool is_waiting;
    int topic;
    int64_t sent_us;
    char tail[16384]; /* an answer's head, until it is whole */
    size_t tail_len;
    size_t body_left;
};

struct load {
    struct arena arena;
    const struct env *env;
    int port;
    int connections;
    int boards;
    double seconds;
    struct str get_path, cookie;
    struct request *requests;
    size_t requests_len, requests_next;
    struct request *board_requests;
    size_t board_requests_len;
    int64_t pending_us[TOPICS_MAX];
    uint32_t *latencies_us, *screen_us;
    size_t latencies_len, screen_len;
    int64_t answered, by_class[6], events, lost;
    int epoll;
};

static int64_t now_us(const struct load *load)
{
    return env_monotonic(load->env);
}

/* A topic is a unit's id. */
static int topic_of(struct str text)
{
    int64_t id = 0;
    return str_to_i64(text, &id) && id > 0 && id < TOPICS_MAX ? (int)id : -1;
}

static struct str read_file(struct load *load, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    off_t size = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
    if (size < 0 || size > FILE_MAX) {
        fprintf(stderr, "load: cannot read %s\n", path);
        exit(2);
    }
    char *at = arena_alloc(&load->arena, (size_t)size + 1);
    size_t len = 0;
    ssize_t got = 0;
    while (len < (size_t)size && (got = pread(fd, at + len, (size_t)size - len, (off_t)len)) > 0)
        len += (size_t)got;
    close(fd);
    return (struct str){ at, len };
}

/* 32 hex digits that no other request of this run has. */
static struct str body_with_id(struct load *load, struct str body, size_t index)
{
    size_t at = str_find(body, STR("{id}"));
    if (at == body.len)
        return body;
    unsigned char id[16];
    env_random(load->env, id, sizeof id);
    memcpy(id, &index, sizeof index);
    struct str hex = str_from_bytes_hex(&load->arena, id, sizeof id);
    struct str before = str_sub(body, 0, at);
    struct str after = str_sub(body, at + 4, SIZE_MAX);
    return str_format(&load->arena, STR_FMT STR_FMT STR_FMT, STR_ARG(before), STR_ARG(hex), STR_ARG(after));
}

static void read_requests(struct load *load, const char *path)
{
    struct str rest = read_file(load, path);
    load->requests = ARENA_NEW_ARRAY(&load->arena, struct request, REQUESTS_MAX);
    while (rest.len > 0 && load->requests_len < REQUESTS_MAX) {
        struct str line = str_cut(&rest, '\n');
        struct str url = str_cut(&line, '\t');
        struct str cookie = str_cut(&line, '\t');
        struct str body = body_with_id(load, str_cut(&line, '\t'), load->requests_len);
        load->requests[load->requests_len++] = (struct request){
            .text = str_format(&load->arena,
                               "POST " STR_FMT " HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: " STR_FMT
                               "\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                               "Content-Length: %zu\r\n\r\n" STR_FMT,
                               STR_ARG(url), STR_ARG(cookie), body.len, STR_ARG(body)),
            .topic = topic_of(line),
        };
    }
}

static void read_boards(struct load *load, const char *path)
{
    struct str rest = read_file(load, path);
    load->board_requests = ARENA_NEW_ARRAY(&load->arena, struct request, BOARDS_MAX);
    while (rest.len > 0 && load->board_requests_len < BOARDS_MAX) {
        struct str line = str_cut(&rest, '\n');
        struct str url = str_cut(&line, '\t');
        struct str cookie = str_cut(&line, '\t');
        load->board_requests[load->board_requests_len++] = (struct request){
            .text = str_format(&load->arena,
                               "GET " STR_FMT " HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: " STR_FMT
                               "\r\nAccept: text/event-stream\r\n\r\n",
                               STR_ARG(url), STR_ARG(cookie)),
            .topic = topic_of(line),
        };
    }
}

static void connect_peer(struct load *load, struct peer *peer)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)load->port) };
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    peer->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (peer->fd < 0 || connect(peer->fd, (struct sockaddr *)&to, sizeof to) != 0) {
        fprintf(stderr, "load: cannot connect: %s\n", strerror(errno));
        exit(2);
    }
    int one = 1;
    setsockopt(peer->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(peer->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = peer };
    epoll_ctl(load->epoll, EPOLL_CTL_ADD, peer->fd, &event);
}

static void send_text(struct load *load, struct peer *peer, struct str text)
{
    if (send(peer->fd, text.at, text.len, MSG_NOSIGNAL) != (ssize_t)text.len)
        load->lost++;
    peer->sent_us = now_us(load);
    peer->is_waiting = true;
}

static bool send_next(struct load *load, struct peer *peer)
{
    if (load->get_path.len > 0) {
        send_text(load, peer, load->requests[0].text);
        return true;
    }
    if (load->requests_next == load->requests_len)
        return false;
    const struct request *request = &load->requests[load->requests_next++];
    peer->topic = request->topic;
    send_text(load, peer, request->text);
    return true;
}

static size_t content_length(struct str head)
{
    size_t at = str_find(head, STR("Content-Length: "));
    if (at == head.len)
        at = str_find(head, STR("content-length: "));
    if (at == head.len)
        return 0;
    struct str rest = str_sub(head, at + 16, SIZE_MAX);
    int64_t len = 0;
    return str_to_i64(str_cut(&rest, '\r'), &len) && len > 0 ? (size_t)len : 0;
}

static void take_end(struct load *load, struct peer *peer)
{
    int64_t now = now_us(load);
    if (load->latencies_len < LATENCIES_MAX)
        load->latencies_us[load->latencies_len++] = (uint32_t)(now - peer->sent_us);
    load->answered++;
    peer->is_waiting = false;
    if (peer->topic >= 0 && load->pending_us[peer->topic] == 0)
        load->pending_us[peer->topic] = now;
}

static void take_answer_bytes(struct load *load, struct peer *peer, struct str part)
{
    while (part.len > 0) {
        if (peer->body_left > 0) {
            size_t taken = part.len < peer->body_left ? part.len : peer->body_left;
            peer->body_left -= taken;
            part = str_sub(part, taken, SIZE_MAX);
            if (peer->body_left == 0)
                take_end(load, peer);
            continue;
        }
        size_t room = sizeof peer->tail - peer->tail_len;
        size_t taken = part.len < room ? part.len : room;
        memcpy(peer->tail + peer->tail_len, part.at, taken);
        size_t had = peer->tail_len;
        peer->tail_len += taken;
        struct str head = { peer->tail, peer->tail_len };
        size_t end = str_find(head, STR("\r\n\r\n"));
        if (end == head.len) {
            if (taken == 0)
                load->lost++;
            return;
        }
        head.len = end + 4;
        part = str_sub(part, head.len - had, SIZE_MAX);
        int class = head.len > 9 ? head.at[9] - '0' : 0;
        load->by_class[class >= 0 && class < 6 ? class : 0]++;
        peer->body_left = content_length(head);
        peer->tail_len = 0;
        if (peer->body_left == 0)
            take_end(load, peer);
    }
}

static void take_event_bytes(struct load *load, struct peer *peer, struct str part)
{
    if (str_find(part, STR("data:")) == part.len)
        return;
    load->events++;
    if (peer->topic < 0 || load->pending_us[peer->topic] == 0)
        return;
    if (load->screen_len < LATENCIES_MAX)
        load->screen_us[load->screen_len++] = (uint32_t)(now_us(load) - load->pending_us[peer->topic]);
    load->pending_us[peer->topic] = 0;
}

static void take(struct load *load, struct peer *peer, bool may_send)
{
    static char at[READ_BYTES];
    ssize_t got = recv(peer->fd, at, sizeof at, 0);
    if (got <= 0) {
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        load->lost += peer->is_waiting || peer->is_board;
        close(peer->fd);
        peer->fd = -1;
        peer->tail_len = peer->body_left = 0;
        if (peer->is_board)
            return;
        connect_peer(load, peer);
        peer->is_waiting = false;
    } else if (peer->is_board) {
        take_event_bytes(load, peer, (struct str){ at, (size_t)got });
        return;
    } else {
        take_answer_bytes(load, peer, (struct str){ at, (size_t)got });
    }
    if (!peer->is_waiting && may_send)
        (void)send_next(load, peer);
}

static void turn(struct load *load, int wait_ms, bool may_send)
{
    struct epoll_event events[1024];
    int len = epoll_wait(load->epoll, events, LEN(events), wait_ms);
    for (int i = 0; i < len; i++)
        take(load, events[i].data.ptr, may_send);
}

static int compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static double percentile(uint32_t *values, size_t len, double share)
{
    if (len == 0)
        return 0;
    qsort(values, len, sizeof *values, compare);
    return (double)values[(size_t)((double)(len - 1) * share)] / 1000.0;
}

static void run(struct load *load)
{
    struct peer *peers = ARENA_NEW_ARRAY(&load->arena, struct peer, (size_t)(load->connections + load->boards));
    for (int i = 0; i < load->boards; i++) {
        struct peer *peer = &peers[load->connections + i];
        const struct request *request = &load->board_requests[(size_t)i % load->board_requests_len];
        peer->is_board = true;
        peer->topic = request->topic;
        connect_peer(load, peer);
        send_text(load, peer, request->text);
        if (i % 200 == 199)
            turn(load, 10, false);
    }
    int64_t settle_us = now_us(load) + (load->boards ? 2000000 : 0);
    while (now_us(load) < settle_us)
        turn(load, 50, false);
    load->events = 0;
    for (int i = 0; i < load->connections; i++) {
        peers[i].topic = -1;
        connect_peer(load, &peers[i]);
    }
    int64_t started = now_us(load);
    for (int i = 0; i < load->connections; i++)
        (void)send_next(load, &peers[i]);
    int64_t until = started + (int64_t)(load->seconds * 1e6);
    while (now_us(load) < until && (load->get_path.len > 0 || load->answered < (int64_t)load->requests_len))
        turn(load, 100, true);
    double seconds = (double)(now_us(load) - started) / 1e6;
    int64_t answered = load->answered;
    int64_t rest_us = now_us(load) + (load->boards ? 1500000 : 0);
    while (now_us(load) < rest_us)
        turn(load, 50, false);
    printf("{\"connections\":%d,\"boards\":%d,\"seconds\":%.2f,\"answered\":%lld,\"rate\":%.0f,\"p50_ms\":%.2f,"
           "\"p99_ms\":%.2f,\"class2\":%lld,\"class3\":%lld,\"class4\":%lld,\"class5\":%lld,\"lost\":%lld,"
           "\"events\":%lld,\"screen_p50_ms\":%.1f,\"screen_p99_ms\":%.1f,\"screen_len\":%zu}\n",
           load->connections, load->boards, seconds, (long long)answered, (double)answered / seconds,
           percentile(load->latencies_us, load->latencies_len, 0.5), percentile(load->latencies_us, load->latencies_len, 0.99),
           (long long)load->by_class[2], (long long)load->by_class[3], (long long)load->by_class[4],
           (long long)load->by_class[5], (long long)load->lost, (long long)load->events,
           percentile(load->screen_us, load->screen_len, 0.5), percentile(load->screen_us, load->screen_len, 0.99),
           load->screen_len);
}

/* From the start of the server's process to its first answer; false when there is none within ten seconds. */
static bool wait_for_server(struct load *load, int64_t began_ns)
{
    static const char text[] = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)load->port) };
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    char answer[1024];
    for (int64_t until = now_us(load) + 10000000; now_us(load) < until; usleep(500)) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        bool is_up = fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0 &&
                     send(fd, text, sizeof text - 1, MSG_NOSIGNAL) > 0 && recv(fd, answer, sizeof answer, 0) > 12 &&
                     memcmp(answer, "HTTP/1.1 200", 12) == 0;
        if (fd >= 0)
            close(fd);
        if (is_up) {
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            printf("%.0f\n", (double)((int64_t)now.tv_sec * 1000000000 + now.tv_nsec - began_ns) / 1e6);
            return true;
        }
    }
    return false;
}

static int64_t number(const char *text)
{
    int64_t value = 0;
    if (!str_to_i64(str_from(text), &value) || value < 0) {
        fprintf(stderr, "load: %s is no number\n", text);
        exit(2);
    }
    return value;
}

int main(int argc, char **argv)
{
    static struct load load = { .connections = 64, .seconds = 5 };
    int64_t began_ns = 0;
    load.env = env_real();
    arena_init(&load.arena, load.env, SIZE_MAX / 4);
    load.latencies_us = ARENA_NEW_ARRAY(&load.arena, uint32_t, LATENCIES_MAX);
    load.screen_us = ARENA_NEW_ARRAY(&load.arena, uint32_t, LATENCIES_MAX);
    load.epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 1; i + 1 < argc; i += 2) {
        struct str name = str_from(argv[i]);
        const char *value = argv[i + 1];
        if (str_eq(name, STR("--port")))
            load.port = (int)number(value);
        else if (str_eq(name, STR("--began")))
            began_ns = number(value);
        else if (str_eq(name, STR("--connections")))
            load.connections = (int)number(value);
        else if (str_eq(name, STR("--seconds")))
            load.seconds = (double)number(value);
        else if (str_eq(name, STR("--get")))
            load.get_path = str_from(value);
        else if (str_eq(name, STR("--cookie")))
            load.cookie = str_from(value);
        else if (str_eq(name, STR("--requests")))
            read_requests(&load, value);
        else if (str_eq(name, STR("--boards")))
            read_boards(&load, value);
        else if (str_eq(name, STR("--boards-len")))
            load.boards = (int)number(value);
    }
    if (load.port != 0 && began_ns != 0)
        return wait_for_server(&load, began_ns) ? 0 : 1;
    if (load.port == 0 || (load.get_path.len == 0 && load.requests_len == 0) || (load.boards > 0 && load.board_requests_len == 0)) {
        fputs("load: see the head of bench/load.c\n", stderr);
        return 2;
    }
    if (load.get_path.len > 0) {
        load.requests = ARENA_NEW(&load.arena, struct request);
        load.requests->text =
            str_format(&load.arena, "GET " STR_FMT " HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: " STR_FMT "\r\n\r\n",
                       STR_ARG(load.get_path), STR_ARG(load.cookie));
    }
    run(&load);
    return load.lost ? 1 : 0;
}
