#include "person/person_seal.h"

#include "store/store.h"

#include <sodium.h>

enum {
    CITIZEN_DIGITS = 12,
    SEAL_NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    SEAL_BYTES = SEAL_NONCE + CITIZEN_DIGITS + crypto_aead_xchacha20poly1305_ietf_ABYTES,
    MARK_BYTES = 32,
    KEY_BYTES = 32,
};

bool person_citizen_digits(struct arena *arena, struct str typed, struct str *ret_digits)
{
    struct buf digits;
    buf_init(&digits, arena);
    for (size_t i = 0; i < typed.len; i++) {
        char c = typed.at[i];
        if (c == ' ' || c == '.' || c == '-')
            continue;
        if (c < '0' || c > '9')
            return false;
        buf_put_char(&digits, c);
    }
    if (digits.len != CITIZEN_DIGITS)
        return false;
    *ret_digits = buf_str(&digits);
    return true;
}

struct bytes person_citizen_mark(struct ctx *cx, struct str digits)
{
    unsigned char key[KEY_BYTES];
    store_key(db_store(cx->db), "person.citizen_id.mark", key);
    unsigned char *mark = arena_alloc(&cx->arena, MARK_BYTES);
    crypto_generichash(mark, MARK_BYTES, (const unsigned char *)digits.at, digits.len, key,
                       sizeof key);
    sodium_memzero(key, sizeof key);
    return (struct bytes){ mark, MARK_BYTES };
}

/* Table, column, row and key: what a seal is bound to. */
static struct str place_of(struct arena *arena, int64_t person_id)
{
    return str_format(arena, "person|citizen_seal|%lld|person.citizen_id.seal",
                      (long long)person_id);
}

struct bytes person_citizen_seal(struct ctx *cx, int64_t person_id, struct str digits)
{
    unsigned char key[KEY_BYTES];
    store_key(db_store(cx->db), "person.citizen_id.seal", key);
    struct str place = place_of(&cx->arena, person_id);
    unsigned char *seal = arena_alloc(&cx->arena, SEAL_BYTES);
    env_random(cx->env, seal, SEAL_NONCE);
    unsigned long long len = 0;
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        seal + SEAL_NONCE, &len, (const unsigned char *)digits.at, digits.len,
        (const unsigned char *)place.at, place.len, NULL, seal, key);
    sodium_memzero(key, sizeof key);
    return (struct bytes){ seal, SEAL_NONCE + (size_t)len };
}

enum err person_citizen_open(struct ctx *cx, int64_t person_id, struct bytes seal,
                             struct str *ret_digits)
{
    unsigned char key[KEY_BYTES];
    struct str place = place_of(&cx->arena, person_id);
    char *digits = arena_alloc(&cx->arena, CITIZEN_DIGITS + 1);
    unsigned long long len = 0;
    int opened = -1;
    if (seal.len == SEAL_BYTES) {
        store_key(db_store(cx->db), "person.citizen_id.seal", key);
        opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
            (unsigned char *)digits, &len, NULL, seal.at + SEAL_NONCE, seal.len - SEAL_NONCE,
            (const unsigned char *)place.at, place.len, seal.at, key);
        sodium_memzero(key, sizeof key);
    }
    if (opened != 0)
        return fail(
            cx, ERR_SYSTEM,
            "Không mở được số định danh cá nhân bằng khóa của hệ thống này; xin báo quản trị");
    *ret_digits = (struct str){ digits, (size_t)len };
    return OK;
}
