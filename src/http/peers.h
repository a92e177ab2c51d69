/*
 * peers: how many connections each address holds, over all loops. An IPv6 address counts by its /64: that is what one
 * household or office gets. Loopback is not counted: a proxy in front speaks for everybody. An office behind one address
 * is listed as a gateway and may hold more.
 */
#ifndef HTTP_PEERS_H
#define HTTP_PEERS_H

#include "base/env.h"
#include "base/str.h"

#include <sys/socket.h>

struct peers;

struct peer_key {
    unsigned char at[16]; /* all zero: not counted */
};

enum { PEERS_GATEWAYS_MAX = 64 };

struct peers *peers_new(const struct env *env, int per_peer_max, bool counts_loopback);
/* Addresses and networks ("10.1.2.3, 10.2.0.0/16, fd00::/48") that may hold `gateway_max` each; false when one cannot
   be read or they are too many. Before the first peer comes. */
bool peers_list_gateways(struct peers *peers, struct str list, int gateway_max);
void peers_free(struct peers *peers);
/* The address as a key, and as text into `ret_text` (46 bytes at least). */
struct peer_key peer_key_from(const struct sockaddr *address, char *ret_text, size_t room);
/* False when the address holds its share already. Any thread. */
bool peers_enter(struct peers *peers, const struct peer_key *key);
void peers_leave(struct peers *peers, const struct peer_key *key);

#endif
