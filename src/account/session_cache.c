#include "account/session.h"

#include "base/day.h"

/*
 * Set-associative, fixed in size, one lock per stripe of sets. Text lies inside the entry; an
 * identity whose text does not fit is simply not kept.
 */
enum { CACHE_SETS = 2048, CACHE_WAYS = 4, CACHE_STRIPES = 64, CACHE_TEXT = 448, CACHE_TEXTS = 5 };
enum {
    CACHE_LOOK_US = 400 * 1000,        /* how often changes are looked for */
    CACHE_TRUST_US = 900 * 1000,       /* so long nothing counts as changed after a look that found nothing */
    CACHE_SETTLE_US = 2 * 1000 * 1000,
    CACHE_LIFE_US = 60 * 1000 * 1000,  /* read again then, whatever the looks found */
};

struct cache_entry {
    unsigned char hash[TOKEN_HASH_BYTES];
    struct identity identity; /* its strings are rebuilt from text */
    int64_t loaded_at;        /* monotonic microseconds, before the database was asked */
    int32_t day;              /* seats begin and end with a day */
    int64_t used_at;
    int64_t written_at; /* what the database has as seen_at, ms */
    bool is_taken;
    char secret[SESSION_SECRET_HEX];
    uint16_t lens[CACHE_TEXTS];
    char text[CACHE_TEXT];
};

struct session_cache {
    const struct env *env;
    pthread_mutex_t locks[CACHE_STRIPES];
    _Atomic int64_t dropped_at; /* a change is on its way to the database */
    _Atomic int64_t changed_at; /* a look found a change: what was read before then may be old */
    _Atomic int64_t looked_at;  /* the last look that is over; what it saw is at least so young */
    _Atomic int64_t look_at;    /* when the next one is due */
    struct cache_entry at[CACHE_SETS][CACHE_WAYS];
};

struct session_cache *session_cache_open(const struct env *env)
{
    struct session_cache *cache = env_alloc(env, sizeof *cache);
    if (!cache)
        return NULL;
    memset(cache, 0, sizeof *cache);
    cache->env = env;
    atomic_store(&cache->dropped_at, INT64_MIN / 2);
    atomic_store(&cache->changed_at, INT64_MIN / 2);
    atomic_store(&cache->looked_at, INT64_MIN / 2);
    for (size_t i = 0; i < CACHE_STRIPES; i++)
        pthread_mutex_init(&cache->locks[i], NULL);
    return cache;
}

void session_cache_close(struct session_cache *cache)
{
    if (!cache)
        return;
    for (size_t i = 0; i < CACHE_STRIPES; i++)
        pthread_mutex_destroy(&cache->locks[i]);
    env_free(cache->env, cache);
}

void session_cache_drop(struct session_cache *cache)
{
    atomic_store(&cache->dropped_at, env_monotonic(cache->env));
}

bool session_cache_must_look(struct session_cache *cache)
{
    int64_t now = env_monotonic(cache->env);
    int64_t due = atomic_load(&cache->look_at);
    return now >= due && atomic_compare_exchange_strong(&cache->look_at, &due, now + CACHE_LOOK_US);
}

void session_cache_looked(struct session_cache *cache, int64_t began_us, bool has_changed)
{
    if (has_changed)
        atomic_store(&cache->changed_at, env_monotonic(cache->env));
    atomic_store(&cache->looked_at, began_us);
}

static size_t set_of(const unsigned char hash[TOKEN_HASH_BYTES])
{
    /* The hash is uniform already. */
    return ((size_t)hash[0] << 8 | hash[1]) % CACHE_SETS;
}

static struct cache_entry *find(struct session_cache *cache,
                                const unsigned char hash[TOKEN_HASH_BYTES])
{
    struct cache_entry *set = cache->at[set_of(hash)];
    for (size_t i = 0; i < CACHE_WAYS; i++)
        if (set[i].is_taken && memcmp(set[i].hash, hash, TOKEN_HASH_BYTES) == 0)
            return &set[i];
    return NULL;
}

/* The strings of an identity in the order they stand in an entry's text. */
static void list_texts(struct identity *identity, struct str *ret_texts[CACHE_TEXTS])
{
    ret_texts[0] = &identity->name;
    ret_texts[1] = &identity->role_name;
    ret_texts[2] = &identity->unit_name;
    ret_texts[3] = &identity->path;
    ret_texts[4] = &identity->page;
}

static bool is_fresh(struct session_cache *cache, const struct cache_entry *entry, int64_t now_us, int64_t now)
{
    /* Changes are looked for all the time while requests come; after a pause the first ones are read. */
    int64_t looked_at = atomic_load(&cache->looked_at);
    int64_t known_at = entry->loaded_at > looked_at ? entry->loaded_at : looked_at;
    return now_us - known_at < CACHE_TRUST_US && entry->loaded_at > atomic_load(&cache->changed_at) &&
           now_us - entry->loaded_at < CACHE_LIFE_US && now_us - atomic_load(&cache->dropped_at) > CACHE_SETTLE_US &&
           entry->loaded_at > atomic_load(&cache->dropped_at) && entry->day == day_from_instant(now) &&
           !identity_is_over(&entry->identity, now);
}

bool session_cache_get(struct ctx *cx, struct session_cache *cache,
                       const unsigned char hash[TOKEN_HASH_BYTES], struct cached *ret_cached)
{
    int64_t now = env_monotonic(cache->env);
    char *text = arena_alloc(&cx->arena, CACHE_TEXT);
    char *secret = arena_alloc(&cx->arena, SESSION_SECRET_HEX);
    uint16_t lens[CACHE_TEXTS];
    pthread_mutex_t *lock = &cache->locks[set_of(hash) % CACHE_STRIPES];
    pthread_mutex_lock(lock);
    struct cache_entry *entry = find(cache, hash);
    bool is_found = entry && is_fresh(cache, entry, now, cx->now);
    if (is_found) {
        ret_cached->identity = entry->identity;
        memcpy(lens, entry->lens, sizeof lens);
        memcpy(text, entry->text, CACHE_TEXT);
        memcpy(secret, entry->secret, SESSION_SECRET_HEX);
        entry->used_at = now;
        ret_cached->must_touch = cx->now - entry->written_at >= SESSION_TOUCH_MS;
        if (ret_cached->must_touch)
            entry->written_at = cx->now;
        if (cx->now > entry->identity.seen_at)
            entry->identity.seen_at = cx->now;
    }
    pthread_mutex_unlock(lock);
    if (!is_found)
        return false;

    struct str *texts[CACHE_TEXTS];
    list_texts(&ret_cached->identity, texts);
    for (size_t i = 0; i < CACHE_TEXTS; i++) {
        *texts[i] = (struct str){ text, lens[i] };
        text += lens[i];
    }
    ret_cached->secret = (struct str){ secret, SESSION_SECRET_HEX };
    return true;
}

bool session_cache_put(struct ctx *cx, struct session_cache *cache,
                       const unsigned char hash[TOKEN_HASH_BYTES], struct cached *cached)
{
    int64_t now = env_monotonic(cache->env);
    struct str *texts[CACHE_TEXTS];
    list_texts(&cached->identity, texts);
    size_t sum = 0;
    for (size_t i = 0; i < CACHE_TEXTS; i++)
        sum += texts[i]->len;
    bool must_touch = cx->now - cached->identity.seen_at >= SESSION_TOUCH_MS;
    if (sum > CACHE_TEXT)
        return must_touch;

    pthread_mutex_t *lock = &cache->locks[set_of(hash) % CACHE_STRIPES];
    pthread_mutex_lock(lock);
    struct cache_entry *entry = find(cache, hash);
    if (!entry) {
        struct cache_entry *set = cache->at[set_of(hash)];
        entry = &set[0];
        for (size_t i = 0; i < CACHE_WAYS; i++)
            if (!set[i].is_taken || (entry->is_taken && set[i].used_at < entry->used_at))
                entry = &set[i];
        *entry = (struct cache_entry){ .is_taken = true, .written_at = cached->identity.seen_at };
        memcpy(entry->hash, hash, TOKEN_HASH_BYTES);
    } else if (entry->identity.seen_at > cached->identity.seen_at) {
        /* The database lags by up to SESSION_TOUCH_MS behind what was seen here. */
        cached->identity.seen_at = entry->identity.seen_at;
    }
    bool is_over = identity_is_over(&cached->identity, cx->now);
    must_touch = !is_over && cx->now - entry->written_at >= SESSION_TOUCH_MS;
    if (must_touch)
        entry->written_at = cx->now;
    entry->identity = cached->identity;
    if (!is_over && cx->now > entry->identity.seen_at)
        entry->identity.seen_at = cx->now;
    entry->loaded_at = cached->began_us;
    entry->day = day_from_instant(cx->now);
    entry->used_at = now;
    memcpy(entry->secret, cached->secret.at, SESSION_SECRET_HEX);
    char *text = entry->text;
    for (size_t i = 0; i < CACHE_TEXTS; i++) {
        if (texts[i]->len > 0)
            memcpy(text, texts[i]->at, texts[i]->len);
        text += texts[i]->len;
        entry->lens[i] = (uint16_t)texts[i]->len;
    }
    pthread_mutex_unlock(lock);
    return must_touch;
}
