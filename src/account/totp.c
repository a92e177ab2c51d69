/* First: OpenSSL names members of its own as functions that banned.h bans. */
/* clang-format off */
#include <openssl/evp.h>
#include <openssl/hmac.h>
/* clang-format on */

#include "account/totp.h"

#include "page/html.h"

#include <qrencode.h>
#include <string.h>

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

uint32_t totp_code(const struct totp_secret *secret, int64_t step)
{
    unsigned char message[8];
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned hash_len = 0;
    for (size_t i = 0; i < sizeof message; i++)
        message[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
    if (!HMAC(EVP_sha1(), secret->at, TOTP_SECRET_BYTES, message, sizeof message, hash, &hash_len) || hash_len < 20)
        return UINT32_MAX; /* no code of six digits is so large */
    /* RFC 4226, section 5.3: the last half byte says where the number stands. */
    size_t at = hash[19] & 15;
    uint32_t number = (uint32_t)(hash[at] & 127) << 24 | (uint32_t)hash[at + 1] << 16 | (uint32_t)hash[at + 2] << 8 |
                      hash[at + 3];
    return number % 1000000;
}

int64_t totp_find_step(const struct totp_secret *secret, uint32_t typed, int64_t now, int64_t last_step)
{
    int64_t found = 0;
    for (int64_t step = now / TOTP_STEP_MS - TOTP_DRIFT_STEPS; step <= now / TOTP_STEP_MS + TOTP_DRIFT_STEPS; step++) {
        int64_t is_right = (totp_code(secret, step) == typed) & (step > last_step);
        found += is_right * (step - found); /* no branch: each step takes the same time */
    }
    return found;
}

/* --- text --- */

static struct str put_base32(struct arena *arena, const unsigned char *bytes, size_t len)
{
    struct buf text;
    uint32_t bits = 0;
    unsigned bits_len = 0;
    buf_init(&text, arena);
    for (size_t i = 0; i < len; i++) {
        bits = bits << 8 | bytes[i];
        for (bits_len += 8; bits_len >= 5; bits_len -= 5)
            buf_put_char(&text, letters[bits >> (bits_len - 5) & 31]);
    }
    return buf_str(&text);
}

struct str totp_secret_text(struct arena *arena, const struct totp_secret *secret)
{
    return put_base32(arena, secret->at, TOTP_SECRET_BYTES);
}

bool totp_secret_parse(struct str text, struct totp_secret *ret_secret)
{
    struct totp_secret secret;
    uint32_t bits = 0;
    unsigned bits_len = 0;
    size_t len = 0;
    if (text.len != TOTP_SECRET_LETTERS)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        const char *letter = text.at[i] ? strchr(letters, text.at[i]) : NULL;
        if (!letter)
            return false;
        bits = bits << 5 | (uint32_t)(letter - letters);
        bits_len += 5;
        if (bits_len >= 8) {
            bits_len -= 8;
            secret.at[len++] = (unsigned char)(bits >> bits_len);
        }
    }
    *ret_secret = secret;
    return true;
}

struct str totp_recovery_code(struct arena *arena, const struct totp_secret *secret, size_t number)
{
    unsigned char hash[EVP_MAX_MD_SIZE] = { 0 };
    unsigned hash_len = 0;
    struct str message = str_format(arena, "mã dự phòng %zu", number);
    if (!HMAC(EVP_sha256(), secret->at, TOTP_SECRET_BYTES, (const unsigned char *)message.at, message.len, hash,
              &hash_len))
        return STR("");
    return str_sub(put_base32(arena, hash, hash_len), 0, TOTP_RECOVERY_LETTERS);
}

/* --- the picture --- */

struct str totp_address(struct arena *arena, struct str login, const struct totp_secret *secret)
{
    struct str issuer = url_encode(arena, STR("Điểm Cầu"));
    return str_format(arena, "otpauth://totp/" STR_FMT ":" STR_FMT "?secret=" STR_FMT "&issuer=" STR_FMT, STR_ARG(issuer),
                      STR_ARG(url_encode(arena, login)), STR_ARG(totp_secret_text(arena, secret)), STR_ARG(issuer));
}

bool totp_picture(struct arena *arena, struct str address, struct str *ret_path, int *ret_size)
{
    enum { QUIET = 4 }; /* squares around it, as readers expect */
    QRcode *code = QRcode_encodeString8bit(str_to_c(arena, address), 0, QR_ECLEVEL_M);
    if (!code)
        return false;
    /* Copied first: an arena that ends jumps away and would leave the library's memory behind. */
    int width = code->width;
    size_t squares_len = (size_t)(width * width);
    enum { SQUARES_MAX = 177 * 177 };
    unsigned char squares[SQUARES_MAX];
    bool fits = squares_len <= sizeof squares;
    if (fits)
        memcpy(squares, code->data, squares_len);
    QRcode_free(code);
    if (!fits)
        return false;
    struct buf path;
    buf_init(&path, arena);
    for (int y = 0; y < width; y++)
        for (int x = 0; x < width; x++)
            if (squares[y * width + x] & 1)
                buf_format(&path, "M%d %dh1v1h-1z", x + QUIET, y + QUIET);
    *ret_path = buf_str(&path);
    *ret_size = width + 2 * QUIET;
    return true;
}
