//! Where an inbox is, and the inbox there: [`Place`], [`AnyInbox`].

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use deadpool_postgres::{Manager, Pool};
use novamed_inbox::{Keys, PostgresInbox, PostgresOptions, SqliteInbox, SqliteOptions};
use tokio_postgres::Config;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::failure::{Failure, UNUSABLE};

/// Where an inbox is.
pub enum Place {
    File(PathBuf),
    Server { config: Box<Config>, schema: Option<String> },
}

/// An inbox in either store.
pub enum AnyInbox {
    Sqlite(Box<SqliteInbox>),
    Postgres(PostgresInbox),
}

impl Place {
    /// Reads a path or a URL.
    pub fn parse(place: OsString, schema: Option<String>) -> Result<Self, Failure> {
        let url = place.to_str().filter(|text| text.starts_with("postgres://") || text.starts_with("postgresql://"));
        match url {
            Some(url) => {
                // The parser's error may quote part of a password.
                let config = url.parse().map_err(|_| Failure::usage("the URL of the PostgreSQL database is malformed: write postgres://user:password@host:5432/database"))?;
                Ok(Self::Server { config: Box::new(config), schema })
            }
            None if place.to_str().is_some_and(|text| text.contains("://")) => {
                Err(Failure::usage("--inbox takes a file or a URL that begins with postgres://"))
            }
            None if schema.is_some() => Err(Failure::usage("--schema goes with the URL of a PostgreSQL database")),
            None => Ok(Self::File(place.into())),
        }
    }

    /// Opens the inbox that is there.
    pub async fn open(&self) -> Result<AnyInbox, Failure> {
        let keys = Keys::from_env().map_err(|error| Failure::new(UNUSABLE, error.to_string()))?;
        match self {
            Self::File(path) => {
                let options = keys.into_iter().fold(SqliteInbox::options(), SqliteOptions::keys).existing();
                let opened = options.open(path).await;
                let failed = |error| Failure::of(&error, format!("cannot open {}: {error}", path.display()));
                Ok(AnyInbox::Sqlite(Box::new(opened.map_err(failed)?)))
            }
            Self::Server { config, schema } => {
                let options = keys.into_iter().fold(PostgresInbox::options(), PostgresOptions::keys).existing();
                let options = schema.iter().fold(options, PostgresOptions::schema);
                let pool = Pool::builder(Manager::new(Config::clone(config), tls())).max_size(2).build();
                let pool = pool.map_err(|error| Failure::new(UNUSABLE, error.to_string()))?;
                Ok(AnyInbox::Postgres(options.open(pool).await?))
            }
        }
    }
}

/// Returns TLS by the system's trust store, which is used where the URL's `sslmode` asks for it.
fn tls() -> MakeRustlsConnect {
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring has the default versions of TLS")
        .with_root_certificates(roots)
        .with_no_client_auth();
    MakeRustlsConnect::new(config)
}

/// Runs the same expression with either kind of inbox.
macro_rules! with_inbox {
    ($inbox:expr, $name:ident => $work:expr) => {
        match $inbox {
            $crate::place::AnyInbox::Sqlite($name) => $work,
            $crate::place::AnyInbox::Postgres($name) => $work,
        }
    };
}
pub(crate) use with_inbox;
