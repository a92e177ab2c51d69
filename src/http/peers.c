#include "http/peers.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <string.h>

enum { PEER_BUCKETS = 4096 };

struct peer {
    struct peer *next;
    struct peer_key key;
    int connections;
};

/* The addresses whose first `bits` bits are those of the key. */
struct peer_net {
    struct peer_key key;
    int bits;
};

struct peers {
    const struct env *env;
    int per_peer_max;
    int gateway_max;
    bool counts_loopback;
    struct peer_net gateways[PEERS_GATEWAYS_MAX];
    size_t gateways_len;
    pthread_mutex_t mutex;
    struct peer *buckets[PEER_BUCKETS];
};

struct peers *peers_new(const struct env *env, int per_peer_max, bool counts_loopback)
{
    struct peers *peers = env_alloc(env, sizeof *peers);
    if (!peers)
        return NULL;
    memset(peers, 0, sizeof *peers);
    peers->env = env;
    peers->per_peer_max = per_peer_max;
    peers->counts_loopback = counts_loopback;
    pthread_mutex_init(&peers->mutex, NULL);
    return peers;
}

void peers_free(struct peers *peers)
{
    if (!peers)
        return;
    for (size_t i = 0; i < PEER_BUCKETS; i++) {
        while (peers->buckets[i]) {
            struct peer *peer = peers->buckets[i];
            peers->buckets[i] = peer->next;
            env_free(peers->env, peer);
        }
    }
    pthread_mutex_destroy(&peers->mutex);
    env_free(peers->env, peers);
}

static void key_from_ipv4(const unsigned char *address, struct peer_key *key)
{
    key->at[10] = key->at[11] = 0xFF;
    memcpy(key->at + 12, address, 4);
}

struct peer_key peer_key_from(const struct sockaddr *address, char *ret_text, size_t room)
{
    struct peer_key key = { { 0 } };
    ret_text[0] = '\0';
    if (address->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, address, sizeof in);
        inet_ntop(AF_INET, &in.sin_addr, ret_text, (socklen_t)room);
        unsigned char bytes[4];
        memcpy(bytes, &in.sin_addr, sizeof bytes);
        key_from_ipv4(bytes, &key);
    } else if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 in;
        memcpy(&in, address, sizeof in);
        inet_ntop(AF_INET6, &in.sin6_addr, ret_text, (socklen_t)room);
        if (IN6_IS_ADDR_V4MAPPED(&in.sin6_addr))
            key_from_ipv4(in.sin6_addr.s6_addr + 12, &key);
        else
            memcpy(key.at, in.sin6_addr.s6_addr, IN6_IS_ADDR_LOOPBACK(&in.sin6_addr) ? sizeof key.at : 8);
    }
    return key;
}

static bool is_counted(const struct peers *peers, const struct peer_key *key)
{
    static const struct peer_key none;
    static const unsigned char ipv4_loopback[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 127 };
    static const struct peer_key ipv6_loopback = { { [15] = 1 } };
    bool is_loopback = memcmp(key->at, ipv4_loopback, sizeof ipv4_loopback) == 0 ||
                       memcmp(key, &ipv6_loopback, sizeof ipv6_loopback) == 0;
    return memcmp(key, &none, sizeof none) != 0 && (!is_loopback || peers->counts_loopback);
}

/* --- gateways --- */

static bool parse_net(struct str text, struct peer_net *ret_net)
{
    struct sockaddr_in in = { .sin_family = AF_INET };
    struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
    char address[INET6_ADDRSTRLEN];
    char unused[INET6_ADDRSTRLEN];
    struct str host = str_trim(str_cut(&text, '/'));
    int64_t bits = -1;
    if (host.len == 0 || host.len >= sizeof address || (text.len > 0 && !str_to_i64(str_trim(text), &bits)))
        return false;
    memcpy(address, host.at, host.len);
    address[host.len] = '\0';
    if (inet_pton(AF_INET, address, &in.sin_addr) == 1) {
        *ret_net = (struct peer_net){ peer_key_from((struct sockaddr *)&in, unused, sizeof unused), 128 };
        bits = bits < 0 ? 128 : bits + 96;
    } else if (inet_pton(AF_INET6, address, &in6.sin6_addr) == 1) {
        *ret_net = (struct peer_net){ peer_key_from((struct sockaddr *)&in6, unused, sizeof unused), 64 };
        bits = bits < 0 ? 64 : bits;
    } else {
        return false;
    }
    /* A net of fewer than eight bits would be everybody. Keys of IPv6 have 64 bits that count. */
    int bits_min = ret_net->bits == 128 ? 96 + 8 : 16;
    if (bits < bits_min || bits > 128)
        return false;
    if (bits < ret_net->bits)
        ret_net->bits = (int)bits;
    return true;
}

bool peers_list_gateways(struct peers *peers, struct str list, int gateway_max)
{
    peers->gateway_max = gateway_max;
    while (list.len > 0) {
        struct str one = str_trim(str_cut(&list, ','));
        if (one.len == 0)
            continue;
        if (peers->gateways_len == PEERS_GATEWAYS_MAX || !parse_net(one, &peers->gateways[peers->gateways_len]))
            return false;
        peers->gateways_len++;
    }
    return true;
}

static bool is_in_net(const struct peer_key *key, const struct peer_net *net)
{
    size_t whole = (size_t)net->bits / 8;
    unsigned mask = 0xFF00U >> net->bits % 8 & 0xFF;
    if (memcmp(key->at, net->key.at, whole) != 0)
        return false;
    return mask == 0 || ((key->at[whole] ^ net->key.at[whole]) & mask) == 0;
}

static int max_of(const struct peers *peers, const struct peer_key *key)
{
    for (size_t i = 0; i < peers->gateways_len; i++)
        if (is_in_net(key, &peers->gateways[i]))
            return peers->gateway_max;
    return peers->per_peer_max;
}

/* --- counting --- */

static struct peer **find(struct peers *peers, const struct peer_key *key)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i < sizeof key->at; i++)
        hash = (hash ^ key->at[i]) * 16777619U;
    struct peer **at = &peers->buckets[hash % PEER_BUCKETS];
    while (*at && memcmp(&(*at)->key, key, sizeof *key) != 0)
        at = &(*at)->next;
    return at;
}

bool peers_enter(struct peers *peers, const struct peer_key *key)
{
    if (!is_counted(peers, key))
        return true;
    pthread_mutex_lock(&peers->mutex);
    struct peer **at = find(peers, key);
    if (!*at) {
        struct peer *peer = env_alloc(peers->env, sizeof *peer);
        if (peer)
            *peer = (struct peer){ .key = *key };
        *at = peer;
    }
    bool may = *at && (*at)->connections < max_of(peers, key);
    if (may)
        (*at)->connections++;
    pthread_mutex_unlock(&peers->mutex);
    return may;
}

void peers_leave(struct peers *peers, const struct peer_key *key)
{
    if (!is_counted(peers, key))
        return;
    pthread_mutex_lock(&peers->mutex);
    struct peer **at = find(peers, key);
    if (*at && --(*at)->connections == 0) {
        struct peer *gone = *at;
        *at = gone->next;
        env_free(peers->env, gone);
    }
    pthread_mutex_unlock(&peers->mutex);
}
