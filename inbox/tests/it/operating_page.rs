//! The statements of `OPERATING.md`, as they are written there.

use std::time::Duration;

use novamed_inbox::{Claim, Keys, Reason, Store, StoreErrorKind, Wanted};

use crate::deliveries::{Place, store};
use crate::subjects::{Schema, Subject, keys};

const PAGE: &str = include_str!("../../OPERATING.md");
const WANTED: Wanted = Wanted { events: 10, lease: Duration::from_secs(600), attempts: 3 };

/// Returns the page's statements, on this schema.
fn statements(schema: &Schema) -> Vec<String> {
    let blocks = PAGE.split("```sql\n").skip(1).filter_map(|rest| rest.split("```").next());
    let statements = blocks.flat_map(|block| block.split_inclusive(";\n")).map(str::trim);
    statements.filter(|it| !it.is_empty()).map(|it| it.replace("novamed_inbox", &schema.name)).collect()
}

/// Returns the only statement that holds this text.
fn statement(schema: &Schema, text: &str) -> String {
    let mut found = statements(schema).into_iter().filter(|statement| statement.contains(text));
    let statement = found.next().unwrap_or_else(|| panic!("no statement of the page has {text}"));
    assert_eq!(found.next(), None);
    statement
}

#[tokio::test]
async fn queries_of_the_page_for_sqlite_count_what_waits_and_what_is_dead() {
    let place = Place::new();
    let inbox = place.open().await;
    store(&inbox, "filled", "a").await;
    let block = PAGE.split("```sqlite\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let database = place.database();
    let results: Vec<i64> = block
        .split_inclusive(";\n")
        .map(|query| database.query_row(query.trim(), [], |row| row.get(0)).unwrap())
        .collect();
    assert!(results.len() == 2 && results[0] == 0 && (0..60).contains(&results[1]), "{results:?}");
}

#[tokio::test]
async fn queries_of_the_page_run() {
    let Some(schema) = Schema::new() else { return };
    store(&schema.open().await, "filled", "a").await;
    let queries: Vec<String> = statements(&schema).into_iter().filter(|it| it.contains("SELECT ")).collect();
    let queries: Vec<_> = queries.iter().filter(|it| !it.contains("GRANT ")).collect();
    assert!(queries.len() >= 7, "{queries:?}");
    for query in queries {
        schema.query(query, &[]).await;
    }
    for statement in statements(&schema).into_iter().filter(|it| it.contains("VACUUM")) {
        schema.batch(&statement).await;
    }
}

#[tokio::test]
async fn keys_that_the_page_counts_are_those_of_bodies_and_reasons() {
    let Some(schema) = Schema::new() else { return };
    let second = schema.open_with(Some(keys(2))).await.unwrap();
    for order in ["a", "b"] {
        store(&second, "filled", order).await;
    }
    let first = Keys::new([1; 32], 1, [11; 32]).unwrap().also_opening(2, [12; 32]).unwrap();
    let first = schema.open_with(Some(first)).await.unwrap();
    let claimed = first.claim(WANTED).await.unwrap().events;
    assert_eq!(first.bury(claimed[0].ticket, Reason::Failed("Jane Doe".to_owned())).await.unwrap(), Claim::Held);
    assert_eq!(first.bury(claimed[1].ticket, Reason::Panicked).await.unwrap(), Claim::Held);
    let counted = schema.query(&statement(&schema, "AS number"), &[]).await;
    let mut counted: Vec<(i32, i64)> = counted.iter().map(|row| (row.get(0), row.get(1))).collect();
    counted.sort_unstable();
    assert_eq!(counted, [(1, 1), (2, 2)]);
}

/// A key that was mistyped when it was added keeps the true one out, until it is taken out of the notes.
#[tokio::test]
async fn number_that_sealed_nothing_is_given_anew_as_the_page_says() {
    let Some(schema) = Schema::new() else { return };
    let first = || Keys::new([1; 32], 1, [11; 32]).unwrap();
    drop(schema.open_with(Some(first().also_opening(2, [99; 32]).unwrap())).await.unwrap());
    let Err(error) = schema.open_with(Some(keys(2))).await else { panic!("2 is another key") };
    assert_eq!(error.kind(), StoreErrorKind::WrongKey { number: 2 });
    schema.batch(&statement(&schema, "DELETE FROM")).await;
    schema.open_with(Some(keys(2))).await.unwrap();
}

/// The tables' own settings have vacuum come long before the alert of the page.
#[tokio::test]
async fn alert_on_dead_tuples_is_above_what_vacuum_lets_gather() {
    let Some(schema) = Schema::new() else { return };
    drop(schema.open().await);
    let settings = "SELECT c.reloptions::text, current_setting('autovacuum_vacuum_threshold')::bigint
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = 'delivery'";
    let settings = schema.query(settings, &[&schema.name]).await;
    assert!(settings[0].get::<_, String>(0).contains("autovacuum_vacuum_scale_factor=0.05"));
    let threshold: i64 = settings[0].get(1);
    for live in [0, 1_000, 100_000, 10_000_000] {
        let (vacuumed, alert) = (threshold + live / 20, 10_000.max(live / 2));
        assert!(vacuumed < alert, "{live}: {vacuumed} {alert}");
    }
    assert!(statement(&schema, "n_dead_tup > ").contains("greatest(10000, n_live_tup / 2)"));
}
