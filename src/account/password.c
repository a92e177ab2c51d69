#include "account/password.h"

#include "account/password_words.h"
#include "viet/viet.h"

#include <pthread.h>
#include <sodium.h>
#include <string.h>

/* Below this many letters and digits of its own a password is only as good as the words around
 * them. */
enum { OWN_LEN_MIN = 6, FOLDED_MAX = PASSWORD_LEN_MAX };

/* How a password is read: as it is typed, with the signs of "p@$$" as letters, and with the digits
 * of "m4tkh4u" as letters too. */
enum reading { AS_TYPED, SIGNS_AS_LETTERS, DIGITS_AS_LETTERS, READINGS };

static char plain_letter(char c, enum reading reading)
{
    static const char digits[] = "oizeasgtb9"; /* what 0 to 9 look like; nothing looks like 9 */
    if (reading != AS_TYPED) {
        if (c == '@')
            return 'a';
        if (c == '$')
            return 's';
        if (c == '!')
            return 'i';
    }
    return reading == DIGITS_AS_LETTERS && c >= '0' && c <= '9' ? digits[c - '0'] : c;
}

/* How many characters at `text` are a run: the same again and again, or each the neighbour of the
 * one before. */
static size_t run_len(struct str text)
{
    for (int step = -1; step <= 1; step++) {
        size_t len = 1;
        while (len < text.len && text.at[len] == text.at[len - 1] + step)
            len++;
        if (len >= 3)
            return len;
    }
    return 0;
}

static bool is_known_word(struct str word)
{
    size_t from = 0;
    size_t to = password_words_len;
    while (from < to) {
        size_t middle = (from + to) / 2;
        struct str other = str_from(password_words[middle]);
        size_t len = other.len < word.len ? other.len : word.len;
        int order = memcmp(word.at, other.at, len);
        if (order == 0 && word.len == other.len)
            return true;
        if (order < 0 || (order == 0 && word.len < other.len))
            to = middle;
        else
            from = middle + 1;
    }
    return false;
}

/* The longest of the words that stands at the start of `text`; 0 when none does. */
static size_t word_len(struct str text, const struct str *words, size_t words_len)
{
    size_t longest = text.len < password_word_len_max ? text.len : password_word_len_max;
    while (longest > 1 && !is_known_word(str_sub(text, 0, longest)))
        longest--;
    if (longest == 1)
        longest = 0;
    for (size_t i = 0; i < words_len; i++)
        if (words[i].len > longest && str_starts(text, words[i]))
            longest = words[i].len;
    return longest;
}

/* A year between 1930 and 2059: birthdays and congresses. */
static bool is_year(struct str text)
{
    int64_t year = 0;
    return text.len >= 4 && str_to_i64(str_sub(text, 0, 4), &year) && year >= 1930 && year <= 2059;
}

/* True when the piece stood before in `folded`, ahead of `at`. */
static bool stood_before(struct str folded, size_t at, struct str piece)
{
    return str_find(str_sub(folded, 0, at), piece) < at;
}

/*
 * How much of the folded password is the person's own. A character outside every known word, year
 * and run is worth one, and so is a whole known word the first time it stands: six words in an
 * order of one's own are hard to guess (4,000 to the sixth), three are not.
 */
static size_t own_len(struct str folded, const struct str *words, size_t words_len)
{
    size_t own = 0;
    for (size_t at = 0; at < folded.len;) {
        struct str rest = str_sub(folded, at, folded.len);
        size_t known = word_len(rest, words, words_len);
        size_t run = run_len(rest);
        if (run > known)
            known = run;
        if (known < 4 && is_year(rest))
            known = 4;
        if (known == 0)
            known = 1;
        if (known == 1 || !stood_before(folded, at, str_sub(rest, 0, known)))
            own++;
        at += known;
    }
    return own;
}

/* How many digits stand around `at`. */
static size_t digits_around(struct str text, size_t at)
{
    size_t from = at;
    size_t to = at;
    while (from > 0 && text.at[from - 1] >= '0' && text.at[from - 1] <= '9')
        from--;
    while (to < text.len && text.at[to] >= '0' && text.at[to] <= '9')
        to++;
    return to - from;
}

/* Folded, without anything that is no letter or digit. Years and other numbers stay numbers: letters
 * are dressed as digits one or two at a time. */
static struct str squeeze(struct arena *arena, struct str text, enum reading reading)
{
    struct buf buf;
    buf_init(&buf, arena);
    struct str folded = viet_fold(arena, text);
    for (size_t i = 0; i < folded.len; i++) {
        bool is_number = digits_around(folded, i) > 2;
        char c = is_number ? folded.at[i] : plain_letter(folded.at[i], reading);
        bool is_own = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
        if (is_own)
            buf_put_char(&buf, c);
    }
    return buf_str(&buf);
}

enum err password_check_strength(struct ctx *cx, const char *field, struct str password,
                                 const struct str *words, size_t words_len)
{
    if (!str_is_utf8(password))
        return fail_field(cx, field, "Mật khẩu có ký tự không đọc được, xin nhập lại");
    size_t len = str_count_code_points(viet_nfc(&cx->arena, password));
    if (len < PASSWORD_LEN_MIN)
        return fail_field(cx, field, "Mật khẩu cần có ít nhất %d ký tự; nên đặt một câu dễ nhớ",
                          PASSWORD_LEN_MIN);
    if (len > PASSWORD_LEN_MAX)
        return fail_field(cx, field, "Mật khẩu dài quá %d ký tự, xin rút ngắn", PASSWORD_LEN_MAX);

    /* Each name counts whole and word by word: "Đảng ủy xã Bình Minh" gives danguyxabinhminh,
     * binhminh by its parts. */
    struct str names[64];
    size_t names_len = 0;
    for (size_t i = 0; i < words_len; i++) {
        struct str rest = viet_fold(&cx->arena, words[i]);
        struct str whole = squeeze(&cx->arena, rest, AS_TYPED);
        if (whole.len >= 3 && names_len < LEN(names))
            names[names_len++] = whole;
        while (rest.len > 0) {
            struct str part = squeeze(&cx->arena, str_cut(&rest, ' '), AS_TYPED);
            if (part.len >= 2 && names_len < LEN(names))
                names[names_len++] = part;
        }
    }
    size_t own = SIZE_MAX;
    for (enum reading reading = AS_TYPED; reading < READINGS; reading++) {
        size_t left = own_len(squeeze(&cx->arena, password, reading), names, names_len);
        own = left < own ? left : own;
    }
    if (own < OWN_LEN_MIN)
        return fail_field(
            cx, field,
            "Mật khẩu này dễ đoán vì chỉ gồm từ thông dụng, tên đơn vị, tên người hoặc dãy số;"
            " xin thêm vài từ riêng của đồng chí");
    return OK;
}

/*
 * One strong hash at a time: 64 MiB each on every pool thread at once would be the program's whole
 * memory, and administrators are few.
 */
static pthread_mutex_t strong_lock = PTHREAD_MUTEX_INITIALIZER;

static unsigned long long ops_of(enum password_cost cost)
{
    return cost == PASSWORD_COST_STRONG ? 3 : 2;
}

static size_t memory_of(enum password_cost cost)
{
    return cost == PASSWORD_COST_STRONG ? (size_t)64 << 20 : (size_t)19 << 20;
}

/* What argon2id sees: fixed length whatever was typed, and useless without the key. */
static void pepper(struct ctx *cx, const unsigned char key[PASSWORD_KEY_BYTES], struct str password,
                   char ret_text[crypto_generichash_BYTES])
{
    struct str nfc = viet_nfc(&cx->arena, password);
    crypto_generichash((unsigned char *)ret_text, crypto_generichash_BYTES,
                       (const unsigned char *)nfc.at, nfc.len, key, PASSWORD_KEY_BYTES);
}

enum err password_hash(struct ctx *cx, const unsigned char key[PASSWORD_KEY_BYTES],
                       struct str password, enum password_cost cost, struct str *ret_hash)
{
    char text[crypto_generichash_BYTES];
    char hash[crypto_pwhash_STRBYTES];
    pepper(cx, key, password, text);
    if (cost == PASSWORD_COST_STRONG)
        pthread_mutex_lock(&strong_lock);
    int result = crypto_pwhash_str(hash, text, sizeof text, ops_of(cost), memory_of(cost));
    if (cost == PASSWORD_COST_STRONG)
        pthread_mutex_unlock(&strong_lock);
    sodium_memzero(text, sizeof text);
    if (result != 0)
        return fail_detail(cx, ERR_UNAVAILABLE, "argon2id: out of memory");
    *ret_hash = str_copy(&cx->arena, str_from(hash));
    return OK;
}

bool password_is(struct ctx *cx, const unsigned char key[PASSWORD_KEY_BYTES], struct str password,
                 struct str hash)
{
    char text[crypto_generichash_BYTES];
    const char *kept = str_to_c(&cx->arena, hash);
    if (hash.len == 0 || hash.len >= crypto_pwhash_STRBYTES)
        return false;
    bool is_strong = crypto_pwhash_str_needs_rehash(kept, ops_of(PASSWORD_COST_NORMAL),
                                                    memory_of(PASSWORD_COST_NORMAL)) != 0;
    pepper(cx, key, password, text);
    if (is_strong)
        pthread_mutex_lock(&strong_lock);
    bool is_same = crypto_pwhash_str_verify(kept, text, sizeof text) == 0;
    if (is_strong)
        pthread_mutex_unlock(&strong_lock);
    sodium_memzero(text, sizeof text);
    return is_same;
}

void password_waste(struct ctx *cx, const unsigned char key[PASSWORD_KEY_BYTES],
                    struct str password, enum password_cost cost)
{
    struct str hash = { NULL, 0 };
    if (password_hash(cx, key, password, cost, &hash) != OK)
        cx->fault.code = OK;
}

bool password_needs_rehash(struct ctx *cx, struct str hash, enum password_cost cost)
{
    return crypto_pwhash_str_needs_rehash(str_to_c(&cx->arena, hash), ops_of(cost),
                                          memory_of(cost)) != 0;
}
