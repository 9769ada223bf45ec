//! `src/runtime/`: the parts of the runtime that the client needs, copied unchanged.
//!
//! [`PARTS`] says for each capability which files of `templates/runtime/` belong to it, which crates they
//! use, and where users find their items.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::docs;
use super::file::File;
use super::ident::ident_of;
use super::krate::Crate;
use crate::model::Capability;

/// A part of the runtime.
struct Part {
    /// None for the part that every client has.
    capability: Option<Capability>,
    /// Paths below `src/runtime/`, and texts.
    files: &'static [(&'static str, &'static str)],
    /// Names in the template's manifest.
    crates: &'static [&'static str],
    shown: &'static [Shown],
}

/// Items that users see.
pub(super) struct Shown {
    place: Place,
    /// Below `crate::runtime`.
    module: &'static str,
    /// Sorted.
    names: &'static [&'static str],
}

/// Where users find an item.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Root,
    /// In a public module at the root, one of [`MODULES`].
    Module(&'static str),
    /// In the module `blocking`.
    Blocking,
    /// In the module `testing`.
    Testing,
    /// In the module `server`.
    Server,
    /// In the module `webhooks`.
    Webhooks,
}

/// The public modules that hold nothing but items of the runtime, and their documentation.
const MODULES: &[(&str, &str)] = &[
    ("audit", "Records of calls, for the hook that [`ClientBuilder::audit`](crate::ClientBuilder::audit) takes."),
    ("body", "Bodies of requests: bytes, streams, and the parts of a form."),
    ("builder", "What appears in the signatures of builders: the states of required fields, and optional arguments."),
    ("checks", "Rules of the API's description that a request breaks."),
    ("response", "What a response says apart from its data."),
    ("retry", "Why a call was not repeated."),
    ("streams", "Responses that are read while they arrive."),
    ("transport", "What a transport of the application's own needs, and the problems of connections."),
    ("value", "Types of values that are neither the API's nor the standard library's."),
];

const fn shown(place: Place, module: &'static str, names: &'static [&'static str]) -> Shown {
    Shown { place, module, names }
}

macro_rules! files {
    ($($path:literal)*) => {
        &[$(($path, include_str!(concat!("../../../templates/runtime/src/runtime/", $path)))),*]
    };
}

/// The parts of the runtime; a file may belong to several.
const PARTS: &[Part] = &[
    Part {
        capability: None,
        files: files!(
            "api.rs"
            "audit/mod.rs" "audit/observer.rs" "audit/span.rs"
            "call/attempt.rs" "call/attempts.rs" "call/body.rs" "call/mod.rs" "call/node.rs" "call/pacing.rs"
            "call/pacing_queue.rs" "call/parameter.rs" "call/retry.rs" "call/style.rs"
            "client/builder.rs" "client/connection.rs" "client/credential.rs" "client/environment.rs"
            "client/mod.rs" "client/options.rs"
            "error/config.rs" "error/connection.rs" "error/mod.rs" "error/problem.rs" "error/source.rs"

            "response/envelope.rs" "response/failure.rs" "response/mod.rs" "response/undecoded.rs"
            "testing/builders.rs" "testing/difference.rs" "testing/expected.rs" "testing/mod.rs"
            "testing/recorded.rs" "testing/script.rs" "testing/tree.rs"
            "transport/body.rs" "transport/connect.rs" "transport/mod.rs" "transport/pool.rs" "transport/proxy.rs"
            "transport/reqwest.rs" "transport/socket.rs" "transport/tls.rs" "transport/url.rs"
            "value/calendar.rs" "value/nullable.rs" "value/objects.rs" "value/parse.rs" "value/secret.rs"
        ),
        crates: &[
            "base64",
            "bytes",
            "http",
            "http-body",
            "hyper",
            "hyper-util",
            "reqwest",
            "rustls",
            "rustls-native-certs",
            "serde",
            "serde_json",
            "socket2",
            "tokio",
            "tokio-rustls",
            "tower-service",
            "tracing",
            "zeroize",
        ],
        shown: &[
            shown(Place::Root, "client", &["Client"]),
            shown(Place::Root, "client::builder", &["ClientBuilder"]),
            shown(Place::Root, "client::options", &["Options"]),
            shown(Place::Root, "error", &["Delivery", "Error"]),
            shown(Place::Root, "error::config", &["ConfigError"]),
            shown(Place::Root, "response", &["Response"]),
            shown(Place::Root, "value::secret", &["Secret"]),
            shown(Place::Module("audit"), "audit", &["AuditRecord", "Outcome", "Vouched"]),
            shown(Place::Module("body"), "transport::body", &["Body"]),
            shown(Place::Module("checks"), "error::problem", &["Violation"]),
            shown(Place::Module("response"), "response", &["Meta", "RateLimit"]),
            shown(Place::Module("retry"), "error::problem", &["NotRepeated"]),
            shown(Place::Module("transport"), "error", &["BoxError"]),
            shown(Place::Module("transport"), "error::connection", &["ConnectionProblem"]),
            shown(Place::Module("transport"), "transport", &["Unsent"]),
            shown(Place::Module("value"), "value::parse", &["ParseError"]),
            shown(Place::Testing, "testing", &["Fake", "FakeTransport"]),
            shown(Place::Testing, "testing::builders", &["FieldValue"]),
            shown(
                Place::Testing,
                "testing::difference",
                &["Difference", "DifferenceKind", "assert_same", "differences"],
            ),
            shown(
                Place::Testing,
                "testing::expected",
                &["Data", "Empty", "Expected", "Plain", "Raw", "Several", "Whole"],
            ),
            shown(Place::Testing, "testing::recorded", &["Any", "Recorded"]),
        ],
    },
    Part {
        capability: Some(Capability::Blocking),
        files: files!("blocking/body.rs" "blocking/driver.rs" "blocking/mod.rs"),
        crates: &[],
        shown: &[shown(Place::Blocking, "blocking", &["Client"])],
    },
    Part {
        capability: Some(Capability::Builders),
        files: files!("value/builder.rs"),
        crates: &[],
        shown: &[shown(Place::Module("builder"), "value::builder", &["Missing", "Optional", "Provided", "Set"])],
    },
    Part {
        capability: Some(Capability::Checks),
        files: files!("checks/mod.rs" "checks/rules.rs" "value/range.rs"),
        crates: &[],
        shown: &[],
    },
    Part {
        capability: Some(Capability::Multipart),
        files: files!("multipart/mod.rs"),
        crates: &[],
        shown: &[shown(Place::Module("body"), "multipart", &["Part"])],
    },
    Part {
        capability: Some(Capability::MediaRanges),
        files: &[],
        crates: &[],
        shown: &[shown(Place::Module("body"), "call::body", &["MediaBody"])],
    },
    Part {
        capability: Some(Capability::Streams),
        files: files!("streams/blocking.rs" "streams/events.rs" "streams/lines.rs" "streams/mod.rs"),
        crates: &[],
        shown: &[
            shown(Place::Module("streams"), "streams", &["ByteStream"]),
            shown(Place::Module("streams"), "streams::events", &["EventStream", "ServerSentEvent"]),
            shown(Place::Module("streams"), "streams::lines", &["JsonLines"]),
            shown(Place::Blocking, "streams::blocking", &["ByteStream", "EventStream", "JsonLines"]),
        ],
    },
    Part {
        capability: Some(Capability::Events),
        files: files!("webhook/keys.rs" "webhook/mod.rs"),
        crates: &[],
        shown: &[
            shown(Place::Webhooks, "webhook", &["EventError", "UnknownEvent"]),
            shown(Place::Webhooks, "webhook::keys", &["DuplicateKey", "GroupKey"]),
        ],
    },
    Part {
        capability: Some(Capability::Receiver),
        files: files!(
            "receiver/inbox.rs" "receiver/mod.rs" "receiver/received.rs" "receiver/service.rs"
        ),
        crates: &["axum", "ring", "subtle"],
        shown: &[
            shown(Place::Webhooks, "receiver", &["Receiver"]),
            shown(
                Place::Webhooks,
                "receiver::inbox",
                &["Hook", "Inbox", "InboxError", "Incoming", "Stored", "Verdict"],
            ),
            shown(
                Place::Webhooks,
                "receiver::received",
                &["Malformed", "ReceiveError", "ReceiveErrorKind", "Received"],
            ),
            shown(Place::Webhooks, "receiver::service", &["Deliveries"]),
        ],
    },
    Part {
        capability: Some(Capability::Server),
        files: files!(
            "server/body.rs" "server/call.rs" "server/content.rs" "server/credentials.rs" "server/failure.rs"
            "server/input.rs" "server/mod.rs" "server/problem.rs" "server/styled.rs" "server/template.rs"
            "server/tree.rs"
        ),
        crates: &["axum", "serde_path_to_error"],
        shown: &[
            shown(Place::Server, "server::call", &["Call"]),
            shown(Place::Server, "server::content", &["Success"]),
            shown(Place::Server, "server::credentials", &["Authorize", "Credentials"]),
            shown(Place::Server, "server::failure", &["Failure"]),
        ],
    },
    Part {
        capability: Some(Capability::Base64),
        files: files!("value/base64.rs"),
        crates: &[],
        shown: &[shown(Place::Module("value"), "value::base64", &["Base64"])],
    },
    Part {
        capability: Some(Capability::Base64Url),
        files: files!("value/base64.rs"),
        crates: &[],
        shown: &[shown(Place::Module("value"), "value::base64", &["Base64Url"])],
    },
    Part {
        capability: Some(Capability::Date),
        files: files!("value/date.rs"),
        crates: &[],
        shown: &[shown(Place::Root, "value::date", &["Date"])],
    },
    Part {
        capability: Some(Capability::DateTime),
        files: files!("value/date_time.rs"),
        crates: &[],
        shown: &[shown(Place::Root, "value::date_time", &["DateTime"])],
    },
    Part {
        capability: Some(Capability::Decimal),
        files: files!("value/decimal.rs" "value/range.rs"),
        crates: &["rust_decimal"],
        shown: &[shown(Place::Root, "value::decimal", &["Decimal"])],
    },
    Part { capability: Some(Capability::Uuid), files: &[], crates: &["uuid"], shown: &[] },
    Part {
        capability: Some(Capability::Json),
        files: files!("value/json.rs"),
        crates: &[],
        shown: &[shown(Place::Module("value"), "value::json", &["Json"])],
    },
    Part {
        capability: Some(Capability::Nullable),
        files: &[],
        crates: &[],
        shown: &[shown(Place::Module("value"), "value::nullable", &["Nullable"])],
    },
    Part { capability: Some(Capability::Unions), files: files!("value/union.rs"), crates: &[], shown: &[] },
    Part {
        capability: Some(Capability::OpenEnums),
        files: &[],
        crates: &[],
        shown: &[shown(Place::Module("value"), "value::parse", &["Unrecognized"])],
    },
    Part {
        capability: Some(Capability::OpenIntegerEnums),
        files: &[],
        crates: &[],
        shown: &[shown(Place::Module("value"), "value::parse", &["UnrecognizedInteger"])],
    },
];

/// The parts that the client needs.
fn parts<'c>(cx: &'c Crate<'_>) -> impl Iterator<Item = &'static Part> + use<'c> {
    let needed = &cx.api.capabilities;
    PARTS.iter().filter(|part| part.capability.is_none_or(|capability| needed.contains(&capability)))
}

/// The crates that the client depends on, as the template's manifest names them.
pub(super) fn crates(cx: &Crate<'_>) -> BTreeSet<&'static str> {
    parts(cx).flat_map(|part| part.crates).copied().collect()
}

/// The items that emitted code may name without a path, each with its path and with the public module that
/// shows it to users, if that isn't the root.
pub(super) fn names() -> impl Iterator<Item = (&'static str, String, Option<&'static str>)> {
    PARTS.iter().flat_map(|part| part.shown).flat_map(|shown| {
        let public = match shown.place {
            Place::Root => Some(None),
            Place::Module(module) => Some(Some(module)),
            Place::Webhooks => Some(Some("webhooks")),
            Place::Blocking | Place::Testing | Place::Server => None,
        };
        let path = format!("crate::runtime::{}", shown.module);
        public.into_iter().flat_map(move |public| {
            let path = path.clone();
            shown.names.iter().map(move |name| (*name, path.clone(), public))
        })
    })
}

/// The `pub use` lines of the items in a place.
pub(super) fn exports(cx: &Crate<'_>, place: Place) -> TokenStream {
    let mut names: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for shown in parts(cx).flat_map(|part| part.shown).filter(|shown| shown.place == place) {
        names.entry(shown.module).or_default().extend(shown.names);
    }
    // As rustfmt sorts them: a list comes after all that is below its module.
    let mut names: Vec<_> = names.into_iter().collect();
    names.sort_by_cached_key(|(module, names)| match names.first() {
        Some(name) if names.len() == 1 => format!("{module}::{name}"),
        _ => format!("{module}::{{"),
    });
    let lines = names.into_iter().map(|(module, names)| {
        let module = module.split("::").map(ident_of);
        let names: Vec<_> = names.into_iter().map(ident_of).collect();
        match names.as_slice() {
            [name] => quote!(pub use crate::runtime #(::#module)* ::#name;),
            names => quote!(pub use crate::runtime #(::#module)* ::{#(#names),*};),
        }
    });
    lines.collect()
}

/// The public modules at the root.
pub(super) fn modules(cx: &Crate<'_>) -> TokenStream {
    let modules = MODULES.iter().filter_map(|(name, about)| {
        let exports = exports(cx, Place::Module(name));
        let name = ident_of(name);
        let about = docs::Text::ours(about).tokens();
        (!exports.is_empty()).then(|| {
            quote! {
                #about
                #[rustfmt::skip]
                pub mod #name { #exports }
            }
        })
    });
    modules.collect()
}

/// Returns the files.
pub(super) fn files<'c>(cx: &'c Crate<'_>) -> Vec<File<'c>> {
    let files: BTreeMap<&str, &str> = parts(cx).flat_map(|part| part.files).copied().collect();
    let paths: Vec<&str> = files.keys().copied().collect();
    let list = File::tokens("src/runtime/mod.rs", move || list(&paths));
    let copies = files.into_iter().map(|(path, text)| File::text(format!("src/runtime/{path}"), text));
    std::iter::once(list).chain(copies).collect()
}

/// The list of modules. A room whose files depend on the capabilities has no `mod.rs`: its modules are
/// listed here.
fn list(paths: &[&str]) -> TokenStream {
    let about = docs::Text::ours("The parts of the runtime that this client needs; it knows nothing of the API.");
    let about = about.inner_tokens();
    let mut rooms: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for path in paths {
        let (room, file) =
            path.trim_end_matches(".rs").split_once('/').unwrap_or((path.trim_end_matches(".rs"), "mod"));
        rooms.entry(room).or_default().push(file);
    }
    let rooms = rooms.into_iter().map(|(room, files)| {
        let room = ident_of(room);
        if files.contains(&"mod") {
            return quote!(pub(crate) mod #room;);
        }
        let files = files.into_iter().map(ident_of);
        quote!(pub(crate) mod #room { #(pub(crate) mod #files;)* })
    });
    quote!(#about #(#rooms)*)
}

#[cfg(test)]
mod tests;
