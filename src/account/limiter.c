#include "account/limiter.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sodium.h>

/*
 * Small set-associative tables with keyed hashing, so that nobody can choose names that push a
 * given account out. A full set gives up its longest-silent entry; an entry that was silent for a
 * minute has nothing to remember anyway.
 */
enum { SETS = 1024, WAYS = 8, BLOCK_SETS = 256, KNOWN_LEN = 16384 };

struct account_tries {
    uint64_t key;                             /* 0: free */
    int64_t tried_at[LIMITER_STRANGER_TRIES]; /* monotonic microseconds, a ring */
    int64_t last_at;
    unsigned next;
};

/* A block's minute is kept as sixty seconds: enough for a figure that is only meant to stop a
 * flood. */
struct block_tries {
    uint64_t key;
    int64_t last_second;
    int32_t in_second[60];
};

struct limiter {
    const struct env *env;
    pthread_mutex_t lock;
    unsigned char hash_key[crypto_shorthash_KEYBYTES];
    struct account_tries accounts[SETS][WAYS];
    struct block_tries blocks[BLOCK_SETS][WAYS];
    uint64_t known[KNOWN_LEN]; /* account and block it signed in from; a clash forgets the older */
};

struct limiter *limiter_open(const struct env *env)
{
    struct limiter *limiter = env_alloc(env, sizeof *limiter);
    if (!limiter)
        return NULL;
    memset(limiter, 0, sizeof *limiter);
    limiter->env = env;
    env_random(env, limiter->hash_key, sizeof limiter->hash_key);
    pthread_mutex_init(&limiter->lock, NULL);
    return limiter;
}

void limiter_close(struct limiter *limiter)
{
    if (!limiter)
        return;
    pthread_mutex_destroy(&limiter->lock);
    env_free(limiter->env, limiter);
}

enum hashed { HASHED_STRANGER, HASHED_KNOWN, HASHED_BLOCK, HASHED_SUCCESS };

/* Of a kind, a block (may be NULL) and a name. */
static uint64_t hash_of(const struct limiter *limiter, enum hashed kind, const unsigned char *block,
                        struct str who)
{
    unsigned char parts[1 + 9 + crypto_shorthash_BYTES] = { (unsigned char)kind };
    unsigned char out[crypto_shorthash_BYTES];
    uint64_t key = 0;
    if (block)
        memcpy(parts + 1, block, 9);
    crypto_shorthash(parts + 10, (const unsigned char *)who.at, who.len, limiter->hash_key);
    crypto_shorthash(out, parts, sizeof parts, limiter->hash_key);
    memcpy(&key, out, sizeof key);
    return key == 0 ? 1 : key;
}

static bool try_account(struct limiter *limiter, uint64_t key, unsigned tries_max, int64_t now)
{
    struct account_tries *set = limiter->accounts[key % SETS];
    struct account_tries *entry = NULL;
    struct account_tries *oldest = &set[0];
    for (size_t i = 0; i < WAYS && !entry; i++) {
        if (set[i].key == key)
            entry = &set[i];
        if (set[i].key == 0 || (oldest->key != 0 && set[i].last_at < oldest->last_at))
            oldest = &set[i];
    }
    if (!entry) {
        entry = oldest;
        *entry = (struct account_tries){ .key = key };
        for (size_t i = 0; i < LEN(entry->tried_at); i++)
            entry->tried_at[i] = INT64_MIN / 2;
    }
    /* The slot about to be overwritten holds the try `tries_max` back. */
    if (now - entry->tried_at[entry->next] < LIMITER_WINDOW_US)
        return false;
    entry->tried_at[entry->next] = now;
    entry->last_at = now;
    entry->next = (entry->next + 1) % tries_max;
    return true;
}

/* The address's block: /24 or /64. False for loopback and for what is no address. */
static bool block_of(struct str peer, unsigned char ret_block[9])
{
    char text[64];
    if (peer.len == 0 || peer.len >= sizeof text)
        return false;
    memcpy(text, peer.at, peer.len);
    text[peer.len] = 0;
    unsigned char v4[4];
    unsigned char v6[16];
    memset(ret_block, 0, 9);
    if (inet_pton(AF_INET6, text, v6) == 1) {
        static const unsigned char mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF };
        static const unsigned char loopback[16] = { [15] = 1 };
        if (memcmp(v6, loopback, sizeof v6) == 0)
            return false;
        if (memcmp(v6, mapped, sizeof mapped) != 0) {
            ret_block[0] = 6;
            memcpy(ret_block + 1, v6, 8);
            return true;
        }
        memcpy(v4, v6 + 12, sizeof v4);
    } else if (inet_pton(AF_INET, text, v4) != 1) {
        return false;
    }
    if (v4[0] == 127)
        return false;
    ret_block[0] = 4;
    memcpy(ret_block + 1, v4, 3);
    return true;
}

static bool try_block(struct limiter *limiter, const unsigned char *block, int64_t now)
{
    uint64_t key = hash_of(limiter, HASHED_BLOCK, block, STR(""));
    int64_t second = now / 1000000;
    struct block_tries *set = limiter->blocks[key % BLOCK_SETS];
    struct block_tries *entry = NULL;
    struct block_tries *oldest = &set[0];
    for (size_t i = 0; i < WAYS && !entry; i++) {
        if (set[i].key == key)
            entry = &set[i];
        if (set[i].last_second < oldest->last_second)
            oldest = &set[i];
    }
    if (!entry) {
        entry = oldest;
        *entry = (struct block_tries){ .key = key, .last_second = second };
    }
    for (int64_t s = entry->last_second + 1; s <= second && s <= entry->last_second + 60; s++)
        entry->in_second[s % 60] = 0;
    entry->last_second = second;
    int32_t sum = 0;
    for (size_t i = 0; i < LEN(entry->in_second); i++)
        sum += entry->in_second[i];
    if (sum >= LIMITER_BLOCK_TRIES)
        return false;
    entry->in_second[second % 60]++;
    return true;
}

/* Where the account's success from this block is remembered, and as what. */
static uint64_t *known_slot(struct limiter *limiter, const unsigned char *block, struct str who,
                            uint64_t *ret_key)
{
    *ret_key = hash_of(limiter, HASHED_SUCCESS, block, who);
    return &limiter->known[*ret_key % KNOWN_LEN];
}

bool limiter_try(struct limiter *limiter, struct str who, struct str peer)
{
    unsigned char block[9];
    bool has_block = block_of(peer, block);
    int64_t now = env_monotonic(limiter->env);
    uint64_t known = 0;
    pthread_mutex_lock(&limiter->lock);
    bool may = !has_block || try_block(limiter, block, now);
    if (may) {
        bool is_known = has_block && *known_slot(limiter, block, who, &known) == known;
        may = (is_known && try_account(limiter, hash_of(limiter, HASHED_KNOWN, NULL, who),
                                       LIMITER_KNOWN_TRIES, now)) ||
              try_account(limiter, hash_of(limiter, HASHED_STRANGER, NULL, who),
                          LIMITER_STRANGER_TRIES, now);
    }
    pthread_mutex_unlock(&limiter->lock);
    return may;
}

void limiter_note_success(struct limiter *limiter, struct str who, struct str peer)
{
    unsigned char block[9];
    uint64_t known = 0;
    if (!block_of(peer, block))
        return;
    pthread_mutex_lock(&limiter->lock);
    uint64_t *slot = known_slot(limiter, block, who, &known);
    *slot = known;
    pthread_mutex_unlock(&limiter->lock);
}
