/*
 * chain: the hash that ties each fact to all before it.
 */
#ifndef STORE_CHAIN_H
#define STORE_CHAIN_H

#include "store/engine.h"

/* BLAKE2b-256 of the previous hash, id, kind, at, account, unit, subject, body. Numbers are 8 bytes, lowest first;
   texts have their length before them, so that no two facts are written alike. */
void chain_hash(const unsigned char before[FACT_HASH_BYTES], const struct fact *fact, struct str kind, struct str body,
                unsigned char ret_hash[FACT_HASH_BYTES]);

#endif
