//! What is said where a server cannot be worked with: what is wrong and what helps, and no value.

use std::time::Duration;

use novamed_inbox::{StoreError, StoreErrorKind};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_postgres::Config;

use crate::subjects::{Schema, pool, server};

/// Opens an inbox where none can be opened.
async fn refused(schema: &Schema, config: &Config) -> StoreError {
    let options = schema.options().connection_wait(Duration::from_millis(500));
    let error = options.open(pool(config, 2)).await.unwrap_err();
    for text in [error.to_string(), format!("{error:?}")] {
        for value in ["hunter2", "nobody_here", "nothing_here", "127.0.0.1"] {
            assert!(!text.contains(value), "{text}");
        }
    }
    error
}

fn config() -> Config {
    server().unwrap().parse().unwrap()
}

/// Starts what takes connections and, once a client has spoken, answers with these bytes and no more.
async fn answering(answer: &'static [u8]) -> Config {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut said = [0; 1024];
            let _ = stream.read(&mut said).await;
            let _ = stream.write_all(answer).await;
            open.push(stream);
        }
    });
    format!("postgres://nobody_here@{address}/nothing_here?sslmode=disable").parse().unwrap()
}

#[tokio::test]
async fn server_that_never_answers_is_unreachable() {
    let Some(schema) = Schema::new() else { return };
    let error = refused(&schema, &answering(b"").await).await;
    assert_eq!(error.kind(), StoreErrorKind::Unreachable);
    assert_eq!(error.to_string(), "the inbox's server cannot be reached, or does not answer");
}

#[tokio::test]
async fn password_that_is_missing_or_wrong_is_named() {
    let Some(schema) = Schema::new() else { return };
    // AuthenticationCleartextPassword.
    let error = refused(&schema, &answering(b"R\0\0\0\x08\0\0\0\x03").await).await;
    assert_eq!(error.kind(), StoreErrorKind::Inaccessible);
    assert!(error.to_string().starts_with("the inbox's server asks for a password"), "{error}");
    // ErrorResponse.
    let wrong = b"E\0\0\0\x24SFATAL\0C28P01\0Mno, nobody_here\0\0";
    let error = refused(&schema, &answering(wrong).await).await;
    assert_eq!((error.kind(), error.sqlstate()), (StoreErrorKind::Inaccessible, Some("28P01")));
    assert!(error.to_string().starts_with("the inbox's server does not let in who connects: look at the user"));
    assert!(format!("{error:?}").contains(r#"sqlstate: Some("28P01")"#), "{error:?}");
    let mut unknown = config();
    unknown.user("nobody_here").password("hunter2");
    let error = refused(&schema, &unknown).await;
    assert_eq!(error.kind(), StoreErrorKind::Inaccessible);
    assert!(error.to_string().starts_with("the inbox's server does not let in who connects"), "{error}");
}

#[tokio::test]
async fn database_that_is_missing_is_named() {
    let Some(schema) = Schema::new() else { return };
    let mut missing = config();
    missing.dbname("nothing_here");
    let error = refused(&schema, &missing).await;
    assert_eq!(error.kind(), StoreErrorKind::Inaccessible);
    assert_eq!(error.to_string(), "the inbox's server has no database of this name (SQLSTATE 3D000)");
}

#[tokio::test]
async fn tls_that_only_one_side_wants_is_named() {
    let Some(schema) = Schema::new() else { return };
    let mut tls = config();
    tls.ssl_mode(tokio_postgres::config::SslMode::Require);
    let error = refused(&schema, &tls).await;
    assert_eq!(error.kind(), StoreErrorKind::Inaccessible);
    assert!(error.to_string().contains("cannot be secured with TLS"), "{error}");
}

#[tokio::test]
async fn server_that_does_not_wait_for_its_disk_is_refused_with_the_setting() {
    let Some(schema) = Schema::new() else { return };
    // A function in the way of the server's own shows the inbox such a server.
    schema
        .batch(
            "CREATE SCHEMA {s};
             CREATE FUNCTION {s}.current_setting(name TEXT) RETURNS text LANGUAGE sql AS $$
                 SELECT CASE name WHEN 'fsync' THEN 'off' ELSE pg_catalog.current_setting(name) END $$",
        )
        .await;
    let mut config = config();
    config.options(format!("-c search_path={},pg_catalog", schema.name));
    let error = refused(&schema, &config).await;
    assert_eq!(error.kind(), StoreErrorKind::NotDurable);
    assert_eq!(error.to_string(), "the inbox's server does not wait for its disk: turn its setting `fsync` on");
}

#[tokio::test]
async fn name_that_no_schema_can_have_is_refused_as_such() {
    let Some(schema) = Schema::new() else { return };
    for name in ["Bad", "a;b", "", "user", "order", "pg_inbox"] {
        let error = schema.options().schema(name).open(schema.pool.clone()).await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::NotAnInbox);
        assert!(error.to_string().starts_with("the schema's name is invalid"), "{error}");
    }
}

/// The driver has a value that is not of the type that was asked for: not the server's trouble.
#[tokio::test]
async fn value_of_another_type_is_not_taken_for_the_network() {
    let Some(schema) = Schema::new() else { return };
    let inbox = schema.open().await;
    schema.batch("ALTER TABLE {s}.delivery ALTER COLUMN attempts TYPE BIGINT").await;
    crate::deliveries::store(&inbox, "filled", "a").await;
    let wanted = novamed_inbox::Wanted { events: 1, lease: Duration::from_secs(60), attempts: 3 };
    let error = novamed_inbox::Store::claim(&inbox, wanted).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Other);
}
