//! The program `novamed-inbox` and a PostgreSQL server with TLS, whose certificate is signed by itself.

use std::env;
use std::fs;
use std::path::Path;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tempfile::TempDir;
use tokio::time::{Duration, sleep};
use tokio_postgres::Config;

use crate::command::{Run, program, read};
use crate::hosts::RESTART;
use crate::subjects::{Schema, server};

/// Gives the server a certificate for this name and has it accept TLS, next to connections without. Returns the
/// certificate's file.
async fn turn_on(schema: &Schema, folder: &Path) -> String {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    for (file, content) in [("tests.crt", cert.pem()), ("tests.key", signing_key.serialize_pem())] {
        // In the server's own folder, and with the permissions that it asks for.
        let lines = format!("SELECT regexp_split_to_table('{}', '\\n')", content.trim_end());
        schema.batch(&format!("COPY ({lines}) TO PROGRAM 'umask 077; cat > {file}'")).await;
    }
    for setting in ["ssl_cert_file = 'tests.crt'", "ssl_key_file = 'tests.key'", "ssl = on"] {
        schema.batch(&format!("ALTER SYSTEM SET {setting}")).await;
    }
    schema.batch("SELECT pg_reload_conf()").await;
    let path = folder.join("localhost.pem");
    fs::write(&path, cert.pem()).unwrap();
    path.display().to_string()
}

/// Runs the program with a host's name and the certificates that it trusts.
fn status(schema: &Schema, host: &str, trusted: &str) -> Run {
    let config: Config = server().unwrap().parse().unwrap();
    let url = format!("postgres://postgres@{host}:{}/postgres?sslmode=require", config.get_ports()[0]);
    let mut command = program();
    command.args(["--inbox", &url, "--schema", &schema.name, "status"]).env("SSL_CERT_FILE", trusted);
    read(command.output().unwrap())
}

/// By itself where a server is started for the tests: another server is left as it is.
#[tokio::test]
async fn postgres_is_reached_over_tls_if_the_certificate_is_right() {
    let Some(schema) = Schema::new() else { return };
    if env::var_os(RESTART).is_none() {
        println!("skipped: the server isn't one of `cargo xtask postgres`");
        return;
    }
    let folder = TempDir::new().unwrap();
    let other = folder.path().join("other.pem");
    let CertifiedKey { cert, .. } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    fs::write(&other, cert.pem()).unwrap();
    let other = other.display().to_string();
    drop(schema.open().await);
    let without = status(&schema, "localhost", &other);
    assert!(without.status == 3 && without.err.contains("TLS"), "{}", without.err);

    let trusted = turn_on(&schema, folder.path()).await;
    let mut right = status(&schema, "localhost", &trusted);
    for _ in 0..50 {
        if right.status == 0 {
            break;
        }
        // The server reads its settings again in its own time.
        sleep(Duration::from_millis(100)).await;
        right = status(&schema, "localhost", &trusted);
    }
    assert!(right.status == 0 && right.out.contains("waiting         0"), "{}", right.err);
    for (host, trusted) in [("127.0.0.1", &trusted), ("localhost", &other)] {
        let refused = status(&schema, host, trusted);
        assert!(refused.status == 3 && refused.err.contains("TLS"), "{host}: {}", refused.err);
    }
    schema.batch("ALTER SYSTEM RESET ssl").await;
    schema.batch("SELECT pg_reload_conf()").await;
}
