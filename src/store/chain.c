#include "store/chain.h"

#include <sodium.h>

static unsigned char *put_number(unsigned char *at, int64_t value)
{
    uint64_t rest = (uint64_t)value;
    for (int i = 0; i < 8; i++) {
        *at++ = (unsigned char)(rest & 0xFF);
        rest >>= 8;
    }
    return at;
}

void chain_hash(const unsigned char before[FACT_HASH_BYTES], const struct fact *fact, struct str kind, struct str body,
                unsigned char ret_hash[FACT_HASH_BYTES])
{
    unsigned char head[FACT_HASH_BYTES + sizeof fact->id + 6 * 8];
    unsigned char *at = head;
    memcpy(at, before, FACT_HASH_BYTES);
    at += FACT_HASH_BYTES;
    memcpy(at, fact->id.at, sizeof fact->id);
    at += sizeof fact->id;
    at = put_number(at, (int64_t)kind.len);
    at = put_number(at, fact->at);
    at = put_number(at, fact->account_id);
    at = put_number(at, fact->unit_id);
    at = put_number(at, fact->subject_id);
    at = put_number(at, (int64_t)body.len);

    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, FACT_HASH_BYTES);
    crypto_generichash_update(&state, head, (size_t)(at - head));
    crypto_generichash_update(&state, (const unsigned char *)kind.at, kind.len);
    crypto_generichash_update(&state, (const unsigned char *)body.at, body.len);
    crypto_generichash_final(&state, ret_hash, FACT_HASH_BYTES);
}
