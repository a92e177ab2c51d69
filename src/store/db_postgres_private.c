#include "store/db_postgres.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

/*
 * A private store (a test, an as-of view) has a schema diemcau_private_N of its own. Whoever holds
 * the advisory lock N owns it; the lock ends with the connection, so what a crashed program left is
 * taken over by the next one.
 *
 * Making a schema of all migrations takes some 100 ms, and the tests want hundreds. A server that
 * says diemcau.keep_schemas = on (tools/postgres.sh does, for its throwaway server) keeps them: the
 * next store whose migrations are the same only empties the tables. Elsewhere the schema is
 * dropped, with the personal data in it.
 */

enum { PRIVATE_LOCK = 1684628837, PRIVATE_MAX = 500, DIGEST_BYTES = 16 };

static enum err ask(struct ctx *cx, const struct pg_place *place, const char *text,
                    PGresult **ret_result)
{
    PGresult *said = PQexec(place->link, text);
    ExecStatusType status = PQresultStatus(said);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        enum err err =
            fail_detail(cx, ERR_UNAVAILABLE, "private schema: %s", PQresultErrorMessage(said));
        PQclear(said);
        return err;
    }
    if (ret_result)
        *ret_result = said;
    else
        PQclear(said);
    return OK;
}

static enum err ask_number(struct ctx *cx, const struct pg_place *place, struct str text,
                           int64_t *ret_number)
{
    PGresult *said = NULL;
    TRY(ask(cx, place, str_to_c(&cx->arena, text), &said));
    int64_t number = 0;
    if (PQntuples(said) != 1 || !str_to_i64(str_from(PQgetvalue(said, 0, 0)), &number))
        number = 0;
    PQclear(said);
    *ret_number = number;
    return OK;
}

/* Which schema these migrations make. */
static struct str schema_digest(struct ctx *cx, const struct store *store)
{
    crypto_generichash_state state;
    unsigned char digest[DIGEST_BYTES];
    crypto_generichash_init(&state, NULL, 0, sizeof digest);
    for (size_t i = 0; i <= migration_list_len; i++) {
        struct str text = i < migration_list_len ? migration_list[i].text : store->extra_schema;
        text = pg_translate(cx, text);
        crypto_generichash_update(&state, (const unsigned char *)text.at, text.len);
    }
    crypto_generichash_final(&state, digest, sizeof digest);
    return str_from_bytes_hex(&cx->arena, digest, sizeof digest);
}

static enum err find_keeping(struct ctx *cx, struct pg_place *place)
{
    int64_t keeps = 0;
    TRY(ask_number(
        cx, place,
        STR("SELECT (coalesce(current_setting('diemcau.keep_schemas', true), '') = 'on')::int"),
        &keeps));
    place->keeps = keeps != 0;
    return OK;
}

/* What programs left that could not end well. */
static enum err drop_orphans(struct ctx *cx, const struct pg_place *place)
{
    return ask(cx, place,
               "DO $$ DECLARE one record; BEGIN"
               " FOR one IN SELECT nspname, substr(nspname, 17)::int AS number FROM pg_namespace"
               "   WHERE nspname ~ '^diemcau_private_[0-9]{1,3}$' LOOP"
               "  IF pg_try_advisory_xact_lock(1684628837, one.number) THEN"
               "   EXECUTE format('DROP SCHEMA %I CASCADE', one.nspname);"
               "  END IF;"
               " END LOOP; END $$",
               NULL);
}

static enum err take_schema(struct ctx *cx, const struct store *store, struct pg_place *place)
{
    int64_t number = 0;
    TRY(ask_number(
        cx, place,
        str_format(
            &cx->arena,
            "SELECT n FROM generate_series(1, %d) n WHERE pg_try_advisory_lock(%d, n) LIMIT 1",
            PRIVATE_MAX, PRIVATE_LOCK),
        &number));
    if (number == 0)
        return fail_detail(cx, ERR_UNAVAILABLE, "all %d private schemas are in use", PRIVATE_MAX);
    snprintf(place->schema, sizeof place->schema, "diemcau_private_%d", (int)number);
    int64_t is_same = 0;
    struct str digest = schema_digest(cx, store);
    TRY(ask_number(cx, place,
                   str_format(&cx->arena,
                              "SELECT count(*) FROM pg_namespace WHERE nspname = '%s'"
                              " AND obj_description(oid, 'pg_namespace') = '" STR_FMT "'",
                              place->schema, STR_ARG(digest)),
                   &is_same));
    place->is_reused = is_same > 0;
    if (place->is_reused && place->keeps)
        return OK;
    place->is_reused = false;
    struct str make = str_format(&cx->arena, "DROP SCHEMA IF EXISTS %s CASCADE; CREATE SCHEMA %s",
                                 place->schema, place->schema);
    return ask(cx, place, str_to_c(&cx->arena, make), NULL);
}

/* The list of migrations stays: it belongs to the schema. TRUNCATE also makes the planner forget what it knew. */
static enum err empty_tables(struct ctx *cx, const struct pg_place *place)
{
    struct str text = str_format(
        &cx->arena,
        "DO $$ DECLARE one record; has bool; used text := ''; BEGIN"
        " FOR one IN SELECT oid::regclass AS name FROM pg_class WHERE relnamespace = '%s'::regnamespace"
        "   AND relkind = 'r' AND relname <> 'store_migration' LOOP"
        "  EXECUTE format('SELECT EXISTS (SELECT 1 FROM %%s)', one.name) INTO has;"
        "  IF has THEN used := used || ', ' || one.name; END IF;"
        " END LOOP;"
        " IF used <> '' THEN EXECUTE 'TRUNCATE ' || substr(used, 3) || ' CASCADE'; END IF; END $$",
        place->schema);
    return ask(cx, place, str_to_c(&cx->arena, text), NULL);
}

static enum err make_private(struct ctx *cx, struct store *store, struct pg_place *place)
{
    TRY(pg_connect(cx, store, "", true, &place->link));
    if (!PQexitPipelineMode(place->link))
        return fail_detail(cx, ERR_SYSTEM,
                           "the private schema's connection cannot leave the pipeline");
    TRY(find_keeping(cx, place));
    if (!place->keeps)
        TRY(drop_orphans(cx, place));
    TRY(take_schema(cx, store, place));
    return place->is_reused ? empty_tables(cx, place) : OK;
}

enum err pg_create(struct ctx *cx, struct store *store)
{
    struct pg_place *place = env_alloc(store->env, sizeof *place);
    if (!place)
        return fail_detail(cx, ERR_UNAVAILABLE, "no memory for the store's place");
    *place = (struct pg_place){ .link = NULL };
    store->engine_state = place;
    return store->is_private ? make_private(cx, store, place) : OK;
}

/* Nobody can be told any more when this fails: the next private store drops what is left. */
void pg_destroy(struct store *store)
{
    struct pg_place *place = store->engine_state;
    if (!place)
        return;
    struct ctx cx = { .env = store->env };
    arena_init(&cx.arena, store->env, 16 << 20);
    if (place->schema[0] && place->keeps && !place->is_reused) {
        struct str digest = schema_digest(&cx, store);
        struct str note = str_format(&cx.arena, "COMMENT ON SCHEMA %s IS '" STR_FMT "'",
                                     place->schema, STR_ARG(digest));
        (void)ask(&cx, place, str_to_c(&cx.arena, note), NULL);
    } else if (place->schema[0] && !place->keeps) {
        struct str drop = str_format(&cx.arena, "DROP SCHEMA %s CASCADE", place->schema);
        (void)ask(&cx, place, str_to_c(&cx.arena, drop), NULL);
    }
    if (place->link)
        (void)ask(&cx, place, "SELECT pg_advisory_unlock_all()", NULL);
    PQfinish(place->link);
    arena_end(&cx.arena);
    env_free(store->env, place);
    store->engine_state = NULL;
}
