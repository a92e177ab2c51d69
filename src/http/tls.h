/*
 * tls: TLS 1.2 and 1.3 by OpenSSL between memory and memory: what came from the socket goes in, what is to be sent
 * comes out. No sockets.
 */
#ifndef HTTP_TLS_H
#define HTTP_TLS_H

#include "base/ctx.h"

struct tls_keys; /* the certificate and its key, shared by all connections */
struct tls;      /* one connection */

/* ERR_INVALID with words when the files cannot be read or do not belong together. */
enum err tls_keys_open(struct ctx *cx, struct str cert_path, struct str key_path, struct tls_keys **ret_keys) MUST_CHECK;
void tls_keys_close(struct tls_keys *keys);

struct tls *tls_open(struct tls_keys *keys); /* NULL when there is no memory */
void tls_close(struct tls *tls);

/* What came from the socket. */
bool tls_put(struct tls *tls, struct str bytes);
/* Plain bytes into `at`: how many, 0 when more must come first, -1 when the connection is over or broken. */
int tls_read(struct tls *tls, char *at, size_t room);
/* Plain bytes to be sent. */
bool tls_write(struct tls *tls, struct str plain);
void tls_say_goodbye(struct tls *tls);
/* What is to be sent; stands until tls_sent(). */
struct str tls_pending(struct tls *tls);
void tls_sent(struct tls *tls);

#endif
