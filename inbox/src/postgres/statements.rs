//! The statements, with the schema's name filled in: [`Statements`].
//!
//! Times are those of the server's clock, so that hosts need not agree on theirs. The states are
//! written as their numbers (see [`schema`](super::schema)), as an index over one state is only taken
//! for a number. What changes which event of a group is ready does so under the group's lock, which
//! is taken before any row's, in one order, and held to the end of the transaction: so the rows of a
//! group are seen as they are, and no two transactions wait for each other.
//!
//! `OFFSET 0` has a row looked up by its index. Without it the server, which knows little of a table
//! that fills within seconds, may choose to read all that is ready.

/// Statements by what they do.
pub struct Statements {
    texts: Vec<(&'static str, String)>,
    #[cfg(feature = "encryption")]
    schema: String,
}

macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)*) => {
        impl Statements {
            /// Fills in the schema's name.
            pub fn new(schema: &str) -> Self {
                Self {
                    texts: vec![$((stringify!($name), $text.replace("{s}", schema)),)*],
                    #[cfg(feature = "encryption")]
                    schema: schema.to_owned(),
                }
            }

            $($(#[$doc])* pub fn $name(&self) -> &str {
                self.text(stringify!($name))
            })*
        }
    };
}

impl Statements {
    /// Returns the schema's name.
    #[cfg(feature = "encryption")]
    pub fn schema(&self) -> &str {
        &self.schema
    }

    fn text(&self, name: &str) -> &str {
        self.texts.iter().find(|(it, _)| *it == name).map_or("", |(_, text)| text)
    }
}

statements! {
    /// $1: the newest schema that this version knows; $2: whether there are keys.
    enter = "SELECT {s}.enter($1, $2)";

    /// $1: the groups of deliveries, or nothing for those without.
    lock_groups = "
        SELECT pg_advisory_xact_lock(key) FROM
            (SELECT DISTINCT hashtextextended(given, 78) AS key FROM unnest($1::text[]) AS given
             WHERE given IS NOT NULL ORDER BY key) AS keys";

    /// $1: ids of events.
    lock_groups_of = "
        SELECT pg_advisory_xact_lock(key) FROM
            (SELECT DISTINCT hashtextextended(group_key, 78) AS key FROM {s}.delivery
             WHERE id = ANY ($1::bigint[]) AND group_key IS NOT NULL ORDER BY key) AS keys";

    /// $1 to $7: duplicate keys, groups, names, bodies, the numbers of their keys, the reasons of those that are
    /// dead letters from the start, and the hashes of their contents. Returns the places, from 1 on, and the ids of
    /// those that are new.
    store = "
        WITH given AS (
            SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::integer[], $6::smallint[],
                                 $7::text[])
                WITH ORDINALITY AS given (duplicate_key, group_key, name, body, sealed_by, dead, content, place)
        ), stored AS (
            INSERT INTO {s}.delivery AS d (duplicate_key, group_key, name, body, sealed_by, state, received_at, due_at,
                                           reason_kind, ended_at, content)
            SELECT duplicate_key, group_key, name, body, sealed_by,
                CASE
                    WHEN dead IS NOT NULL THEN 3
                    WHEN group_key IS NULL THEN 1
                    WHEN row_number() OVER (PARTITION BY group_key, dead IS NULL ORDER BY place) > 1 THEN 0
                    WHEN EXISTS (SELECT 1 FROM {s}.delivery r WHERE r.group_key = given.group_key AND r.state = 1 OFFSET 0)
                        THEN 0
                    ELSE 1
                END,
                statement_timestamp(), statement_timestamp(),
                dead, CASE WHEN dead IS NOT NULL THEN statement_timestamp() END, content
            FROM given ORDER BY place
            ON CONFLICT (duplicate_key) DO NOTHING
            RETURNING d.duplicate_key, d.id
        )
        SELECT min(given.place), min(stored.id) FROM given JOIN stored USING (duplicate_key) GROUP BY duplicate_key";

    /// Returns the places, from 1 on, of known events that say something else. $1: duplicate keys; $2: the hashes
    /// of contents.
    differing = "
        SELECT given.place FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS given (duplicate_key, content, place)
        JOIN {s}.delivery d USING (duplicate_key) WHERE d.content <> given.content";

    /// Makes the first of each group ready where none is. $1: the groups, which are locked.
    free = "
        UPDATE {s}.delivery SET state = 1 WHERE id IN
            (SELECT (SELECT min(q.id) FROM {s}.delivery q WHERE q.state = 0 AND q.group_key = given.group_key)
             FROM (SELECT DISTINCT unnest($1::text[]) AS group_key) AS given
             WHERE NOT EXISTS
                 (SELECT 1 FROM {s}.delivery r WHERE r.group_key = given.group_key AND r.state = 1 OFFSET 0))";

    /// $1: how many; $2: the lease in milliseconds; $3: the attempts that use an event up; $4: the keys that
    /// this process has.
    claim = "
        WITH due AS MATERIALIZED (
            SELECT id, due_at FROM {s}.delivery
            WHERE state = 1 AND due_at <= statement_timestamp() AND NOT (leased AND attempts >= $3::integer)
                AND (sealed_by IS NULL OR sealed_by = ANY ($4::integer[]))
            ORDER BY due_at, id LIMIT $1::bigint FOR UPDATE SKIP LOCKED
        ), taken AS (
            UPDATE {s}.delivery d
            SET due_at = statement_timestamp() + $2::bigint * interval '1 millisecond', leased = true,
                attempts = d.attempts + 1, claims = d.claims + 1
            FROM due WHERE d.id = due.id
            RETURNING d.id, d.claims, d.attempts, d.received_at, d.body, d.duplicate_key, d.sealed_by, due.due_at AS was_due
        )
        SELECT id, claims, attempts, received_at, body, duplicate_key, sealed_by FROM taken ORDER BY was_due, id";

    /// Returns the ids of events whose last attempt ended in silence. $1: the attempts that use an event up.
    used_up = "
        SELECT id FROM {s}.delivery
        WHERE state = 1 AND due_at <= statement_timestamp() AND leased AND attempts >= $1::integer
        ORDER BY due_at, id LIMIT 100";

    /// Returns in how many milliseconds the next event is due. $1: the keys of this process.
    next = "
        SELECT ceil(extract(epoch FROM min(due_at) - statement_timestamp()) * 1000)::bigint FROM {s}.delivery
        WHERE state = 1 AND (sealed_by IS NULL OR sealed_by = ANY ($1::integer[]))";

    /// Returns the number of a key that a due event needs and this process lacks. $1: its keys; of
    /// none of them, nothing differs from all, so what is in the clear has to be left out by itself.
    missing_key = "
        SELECT sealed_by FROM {s}.delivery
        WHERE state = 1 AND due_at <= statement_timestamp() AND sealed_by IS NOT NULL
            AND sealed_by <> ALL ($1::integer[]) LIMIT 1";

    /// Moves the end of a lease. $1, $2: the ticket; $3: the lease in milliseconds.
    extend = "
        UPDATE {s}.delivery SET due_at = statement_timestamp() + $3::bigint * interval '1 millisecond'
        WHERE id = $1 AND claims = $2 AND leased AND state = 1 RETURNING id";

    /// $1, $2: the ticket; $3: the delay in milliseconds; $4, $5: the reason, if one is given.
    postpone = "
        UPDATE {s}.delivery SET due_at = statement_timestamp() + $3::bigint * interval '1 millisecond', leased = false,
            reason_kind = $4::smallint, reason = $5::text
        WHERE id = $1 AND claims = $2 AND leased AND state = 1 RETURNING id";

    /// Marks events as handled, removes their content, and makes the next of their groups ready. $1, $2: the
    /// tickets, whose groups are locked. Returns the places, from 1 on, of those that held, and whether an
    /// event became ready.
    complete = "
        WITH held AS MATERIALIZED (
            SELECT d.id, d.group_key, ticket.place FROM {s}.delivery d
            JOIN unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS ticket (id, claim, place)
                ON d.id = ticket.id AND d.claims = ticket.claim
            WHERE d.leased AND d.state = 1 ORDER BY d.id FOR UPDATE OF d
        ), ended AS (
            UPDATE {s}.delivery d
            SET state = 2, ended_at = statement_timestamp(), leased = false, body = '', sealed_by = NULL, name = NULL,
                group_key = NULL, reason_kind = NULL, reason = NULL
            FROM held WHERE d.id = held.id RETURNING held.group_key, held.place
        ), freed AS (
            UPDATE {s}.delivery d SET state = 1
            FROM (SELECT min(q.id) AS id FROM ended JOIN {s}.delivery q ON q.group_key = ended.group_key AND q.state = 0
                  GROUP BY q.group_key) AS next
            WHERE d.id = next.id RETURNING d.id
        )
        SELECT place, EXISTS (SELECT 1 FROM freed) FROM ended";

    /// Makes events dead letters, and the next of their groups ready. $1, $2: ids and the claims that must
    /// be the last; $3, $4: the reason. Returns the ids.
    bury = "
        WITH held AS MATERIALIZED (
            SELECT d.id, d.group_key FROM {s}.delivery d
            JOIN unnest($1::bigint[], $2::bigint[]) AS ticket (id, claim) ON d.id = ticket.id AND d.claims = ticket.claim
            WHERE d.leased AND d.state = 1 ORDER BY d.id FOR UPDATE OF d
        ), ended AS (
            UPDATE {s}.delivery d
            SET state = 3, ended_at = statement_timestamp(), leased = false, reason_kind = $3::smallint,
                reason = $4::text
            FROM held WHERE d.id = held.id RETURNING d.id, held.group_key
        ), freed AS (
            UPDATE {s}.delivery d SET state = 1
            FROM (SELECT min(q.id) AS id FROM ended JOIN {s}.delivery q ON q.group_key = ended.group_key AND q.state = 0
                  GROUP BY q.group_key) AS next
            WHERE d.id = next.id
        )
        SELECT id FROM ended";

    /// Makes dead letters of events whose lease is over and whose attempts are used up. $1: their ids, whose
    /// groups are locked; $2: the attempts.
    bury_used_up = "
        WITH held AS MATERIALIZED (
            SELECT id, group_key FROM {s}.delivery
            WHERE id = ANY ($1::bigint[]) AND state = 1 AND leased AND due_at <= statement_timestamp()
                AND attempts >= $2::integer
            ORDER BY id FOR UPDATE
        ), ended AS (
            UPDATE {s}.delivery d
            SET state = 3, ended_at = statement_timestamp(), leased = false, reason_kind = 2, reason = NULL
            FROM held WHERE d.id = held.id RETURNING d.id, held.group_key
        ), freed AS (
            UPDATE {s}.delivery d SET state = 1
            FROM (SELECT min(q.id) AS id FROM ended JOIN {s}.delivery q ON q.group_key = ended.group_key AND q.state = 0
                  GROUP BY q.group_key) AS next
            WHERE d.id = next.id
        )
        SELECT id FROM ended";

    /// $1: after which id; $2: how many.
    dead_letters = "
        SELECT id, name, body, reason_kind, reason, attempts, received_at, ended_at, duplicate_key, sealed_by
        FROM {s}.delivery WHERE state = 3 AND id > $1::bigint ORDER BY id LIMIT $2::bigint";

    /// Lets what is ready of a dead letter's group and not being handled queue behind it. $1: its id, whose
    /// group is locked.
    step_back = "
        UPDATE {s}.delivery d SET state = 0 FROM {s}.delivery letter
        WHERE letter.id = $1::bigint AND letter.state = 3 AND d.group_key = letter.group_key AND d.state = 1
            AND NOT d.leased AND d.id > letter.id";

    /// Makes a dead letter an event again. $1: its id, whose group is locked.
    retry = "
        UPDATE {s}.delivery d
        SET state = CASE WHEN EXISTS
                (SELECT 1 FROM {s}.delivery r WHERE r.group_key = d.group_key AND r.state = 1) THEN 0 ELSE 1 END,
            due_at = statement_timestamp(), attempts = 0, ended_at = NULL, reason_kind = NULL, reason = NULL
        WHERE id = $1::bigint AND state = 3 RETURNING id";

    /// Marks a dead letter as handled, and removes its content. $1: its id.
    discard = "
        UPDATE {s}.delivery
        SET state = 2, ended_at = statement_timestamp(), body = '', sealed_by = NULL, name = NULL, group_key = NULL,
            reason_kind = NULL, reason = NULL
        WHERE id = $1::bigint AND state = 3 RETURNING id";

    /// Lets events be due that lie further ahead than any delay, as they were written before the server's clock was
    /// set back: those that nobody has claimed yet are due whenever they came. $1: the longest delay in
    /// milliseconds.
    catch_up = "
        UPDATE {s}.delivery SET due_at = statement_timestamp()
        WHERE state = 1 AND due_at > statement_timestamp()
            AND (claims = 0 OR due_at > statement_timestamp() + $1::bigint * interval '1 millisecond')
        RETURNING id";

    /// $1: how old in milliseconds; $2: how many at most.
    remove_handled = "
        WITH old AS MATERIALIZED (
            SELECT id FROM {s}.delivery
            WHERE state = 2 AND ended_at < statement_timestamp() - $1::bigint * interval '1 millisecond'
            LIMIT $2::bigint FOR UPDATE SKIP LOCKED
        ) DELETE FROM {s}.delivery d USING old WHERE d.id = old.id RETURNING d.id";

    /// $1: how old in milliseconds; $2: how many at most.
    remove_dead = "
        WITH old AS MATERIALIZED (
            SELECT id FROM {s}.delivery
            WHERE state = 3 AND ended_at < statement_timestamp() - $1::bigint * interval '1 millisecond'
            LIMIT $2::bigint FOR UPDATE SKIP LOCKED
        ) DELETE FROM {s}.delivery d USING old WHERE d.id = old.id RETURNING d.id";

    /// Returns how many wait, run, are handled, dead and differ, and the ages in milliseconds of the oldest waiting
    /// event and of the last end.
    counts = "
        SELECT count(*) FILTER (WHERE state < 2),
            count(*) FILTER (WHERE state = 1 AND leased AND due_at > statement_timestamp()),
            count(*) FILTER (WHERE state = 2), count(*) FILTER (WHERE state = 3),
            count(*) FILTER (WHERE state = 3 AND reason_kind = 4),
            (extract(epoch FROM statement_timestamp() - min(received_at) FILTER (WHERE state < 2)) * 1000)::bigint,
            (extract(epoch FROM statement_timestamp() - max(ended_at) FILTER (WHERE state = 2)) * 1000)::bigint
        FROM {s}.delivery";

    /// $1: after which id; $2: how many.
    waiting = "
        SELECT id, state = 0, leased, due_at > statement_timestamp(), attempts, received_at, due_at, reason_kind, reason
        FROM {s}.delivery WHERE state < 2 AND id > $1::bigint ORDER BY id LIMIT $2::bigint";

    /// Returns rows that other keys sealed. $1: the number of the current key; $2: how reasons begin that it
    /// sealed; $3: after which id; $4: how many.
    #[cfg(feature = "encryption")]
    sealed_before = "
        SELECT id, duplicate_key, body, sealed_by, reason FROM {s}.delivery
        WHERE id > $3::bigint AND (sealed_by <> $1::integer OR left(reason, length($2::text)) <> $2::text)
        ORDER BY id LIMIT $4::bigint";

    /// Writes a row as another key seals it, unless it was changed. $1: the id; $2 to $4: body, key and reason;
    /// $5, $6: key and reason as they were.
    #[cfg(feature = "encryption")]
    reseal = "
        UPDATE {s}.delivery SET body = $2::bytea, sealed_by = $3::integer, reason = $4::text
        WHERE id = $1::bigint AND sealed_by IS NOT DISTINCT FROM $5::integer AND reason IS NOT DISTINCT FROM $6::text
        RETURNING id";
}
