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

struct peers {
    const struct env *env;
    int per_peer_max;
    pthread_mutex_t mutex;
    struct peer *buckets[PEER_BUCKETS];
};

struct peers *peers_new(const struct env *env, int per_peer_max)
{
    struct peers *peers = env_alloc(env, sizeof *peers);
    if (!peers)
        return NULL;
    memset(peers, 0, sizeof *peers);
    peers->env = env;
    peers->per_peer_max = per_peer_max;
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
    if (address[0] == 127)
        return;
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
        else if (!IN6_IS_ADDR_LOOPBACK(&in.sin6_addr))
            memcpy(key.at, in.sin6_addr.s6_addr, 8);
    }
    return key;
}

static bool is_counted(const struct peer_key *key)
{
    static const struct peer_key none;
    return memcmp(key, &none, sizeof none) != 0;
}

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
    if (!is_counted(key))
        return true;
    pthread_mutex_lock(&peers->mutex);
    struct peer **at = find(peers, key);
    if (!*at) {
        struct peer *peer = env_alloc(peers->env, sizeof *peer);
        if (peer)
            *peer = (struct peer){ .key = *key };
        *at = peer;
    }
    bool may = *at && (*at)->connections < peers->per_peer_max;
    if (may)
        (*at)->connections++;
    pthread_mutex_unlock(&peers->mutex);
    return may;
}

void peers_leave(struct peers *peers, const struct peer_key *key)
{
    if (!is_counted(key))
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
