#include "check/check_memory.h"

#include "base/banned.h"

#include <sqlite3.h>

/* The one owner of what is counted. */
static struct {
    int64_t fail_in;
    bool has_failed;
    int64_t env_pieces;
    int64_t sqlite_pieces;
    sqlite3_mem_methods real;
} memory;

static bool fails_now(void)
{
    if (memory.fail_in == 0 || --memory.fail_in > 0)
        return false;
    memory.has_failed = true;
    return true;
}

static void *env_take(void *state, size_t bytes)
{
    (void)state;
    void *at = fails_now() ? NULL : malloc(bytes);
    memory.env_pieces += at != NULL;
    return at;
}

static void env_give_back(void *state, void *at)
{
    (void)state;
    memory.env_pieces -= at != NULL;
    free(at);
}

static void *sqlite_take(int bytes)
{
    void *at = fails_now() ? NULL : memory.real.xMalloc(bytes);
    memory.sqlite_pieces += at != NULL;
    return at;
}

static void sqlite_give_back(void *at)
{
    memory.sqlite_pieces -= at != NULL;
    memory.real.xFree(at);
}

static void *sqlite_change(void *at, int bytes)
{
    return fails_now() ? NULL : memory.real.xRealloc(at, bytes);
}

void check_memory_install(void)
{
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory.real);
    sqlite3_mem_methods counted = memory.real;
    counted.xMalloc = sqlite_take;
    counted.xFree = sqlite_give_back;
    counted.xRealloc = sqlite_change;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &counted);
}

struct env check_memory_env(const struct env *real)
{
    struct env env = *real;
    env.alloc = env_take;
    env.free = env_give_back;
    return env;
}

void check_memory_fail(int64_t n)
{
    memory.fail_in = n;
    memory.has_failed = false;
}

bool check_memory_has_failed(void)
{
    return memory.has_failed;
}

int64_t check_memory_env_pieces(void)
{
    return memory.env_pieces;
}

int64_t check_memory_sqlite_pieces(void)
{
    return memory.sqlite_pieces;
}
