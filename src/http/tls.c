/* First: OpenSSL names members of its own as functions that banned.h bans. */
/* clang-format off */
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
/* clang-format on */

#include "http/tls.h"

#include <string.h>

struct tls_keys {
    SSL_CTX *context;
    const struct env *env;
};

struct tls {
    SSL *ssl;
    BIO *in;
    BIO *out;
    const struct env *env;
};

/* HTTP/1.1 is all we speak; who offers only other protocols is told so in the handshake. */
static int choose_protocol(SSL *ssl, const unsigned char **ret_at, unsigned char *ret_len, const unsigned char *offered,
                           unsigned offered_len, void *unused)
{
    (void)ssl;
    (void)unused;
    static const unsigned char ours[] = "\x08http/1.1";
    unsigned char *chosen = NULL;
    if (SSL_select_next_proto(&chosen, ret_len, ours, sizeof ours - 1, offered, offered_len) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *ret_at = chosen;
    return SSL_TLSEXT_ERR_OK;
}

static enum err load_files(struct ctx *cx, SSL_CTX *context, struct str cert_path, struct str key_path)
{
    if (SSL_CTX_use_certificate_chain_file(context, str_to_c(&cx->arena, cert_path)) != 1)
        return fail(cx, ERR_INVALID, "Không đọc được chứng thư máy chủ trong tệp " STR_FMT, STR_ARG(cert_path));
    if (SSL_CTX_use_PrivateKey_file(context, str_to_c(&cx->arena, key_path), SSL_FILETYPE_PEM) == 1)
        return OK;
    if (ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH)
        return fail(cx, ERR_INVALID, "Khóa riêng trong tệp " STR_FMT " không thuộc chứng thư trong tệp " STR_FMT,
                    STR_ARG(key_path), STR_ARG(cert_path));
    return fail(cx, ERR_INVALID, "Không đọc được khóa riêng trong tệp " STR_FMT, STR_ARG(key_path));
}

enum err tls_keys_open(struct ctx *cx, struct str cert_path, struct str key_path, struct tls_keys **ret_keys)
{
    struct tls_keys *keys = env_alloc(cx->env, sizeof *keys);
    SSL_CTX *context = keys ? SSL_CTX_new(TLS_server_method()) : NULL;
    if (!context) {
        env_free(cx->env, keys);
        return fail_detail(cx, ERR_UNAVAILABLE, "no memory for TLS");
    }
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    /* An idle stream keeps no read and write buffers: 4,000 open boards are 4,000 idle streams. */
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF); /* tickets do the same without memory here */
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, NULL);
    enum err err = load_files(cx, context, cert_path, key_path);
    ERR_clear_error();
    if (err != OK) {
        SSL_CTX_free(context);
        env_free(cx->env, keys);
        return err;
    }
    *keys = (struct tls_keys){ context, cx->env };
    *ret_keys = keys;
    return OK;
}

void tls_keys_close(struct tls_keys *keys)
{
    if (!keys)
        return;
    SSL_CTX_free(keys->context);
    env_free(keys->env, keys);
}

struct tls *tls_open(struct tls_keys *keys)
{
    struct tls *tls = env_alloc(keys->env, sizeof *tls);
    if (!tls)
        return NULL;
    *tls = (struct tls){ SSL_new(keys->context), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()), keys->env };
    if (!tls->ssl || !tls->in || !tls->out) {
        SSL_free(tls->ssl);
        BIO_free(tls->in);
        BIO_free(tls->out);
        env_free(keys->env, tls);
        return NULL;
    }
    BIO_set_mem_eof_return(tls->in, -1); /* empty means "more will come" */
    SSL_set_bio(tls->ssl, tls->in, tls->out);
    SSL_set_accept_state(tls->ssl);
    return tls;
}

void tls_close(struct tls *tls)
{
    if (!tls)
        return;
    SSL_free(tls->ssl);
    env_free(tls->env, tls);
}

bool tls_put(struct tls *tls, struct str bytes)
{
    return BIO_write(tls->in, bytes.at, (int)bytes.len) == (int)bytes.len;
}

int tls_read(struct tls *tls, char *at, size_t room)
{
    ERR_clear_error();
    int len = SSL_read(tls->ssl, at, (int)room);
    if (len > 0)
        return len;
    int why = SSL_get_error(tls->ssl, len);
    return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? 0 : -1;
}

bool tls_write(struct tls *tls, struct str plain)
{
    ERR_clear_error();
    while (plain.len > 0) {
        int len = SSL_write(tls->ssl, plain.at, plain.len > 1 << 30 ? 1 << 30 : (int)plain.len);
        if (len <= 0)
            return false;
        plain = str_sub(plain, (size_t)len, SIZE_MAX);
    }
    return true;
}

void tls_say_goodbye(struct tls *tls)
{
    ERR_clear_error();
    if (SSL_is_init_finished(tls->ssl))
        SSL_shutdown(tls->ssl);
}

struct str tls_pending(struct tls *tls)
{
    char *at = NULL;
    long len = BIO_get_mem_data(tls->out, &at);
    return (struct str){ at, len > 0 ? (size_t)len : 0 };
}

void tls_sent(struct tls *tls)
{
    (void)BIO_reset(tls->out);
}
