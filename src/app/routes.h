/*
 * routes: the rooms' tables, in flow order: facts, listeners and routes. The only place that knows all rooms.
 */
#ifndef APP_ROUTES_H
#define APP_ROUTES_H

#include "http/http.h"

/* Registers every room's fact kinds and what rooms do when papers are issued. Once, before any store is opened. */
void routes_register_facts(void);

/* Every room's routes, for the server and for the tests that walk them. */
const struct route_table *routes_all(size_t *ret_len);

#endif
