//! `README.md`, which is the crate's first page as well: a quickstart that compiles.

use super::context::Context;
use super::{File, docs, environment};
use crate::model::SchemeKind;

/// Returns the file.
pub(super) fn files<'c>(cx: &'c Context<'_>) -> Vec<File<'c>> {
    let title = docs::phrase(cx, &cx.api.title);
    let mut text = docs::Text::ours(&format!(
        "A client of {}, version {} of its description.",
        bold(&title),
        docs::code(&cx.api.version)
    ));
    text = text.document(cx, &cx.api.docs);
    text = text.section("Quickstart").verbatim(quickstart(cx)).paragraph(
        "Each operation is a method of `Client`. An `Error` says by its `delivery` whether the server may have acted. \
         `Debug` prints only what the API's description marks as safe to show.",
    );
    vec![File::text("README.md", format!("# {}\n\n{}", cx.config.name, text.into_markdown()))]
}

fn bold(title: &str) -> String {
    if title.is_empty() { "an API".to_owned() } else { format!("**{}**", title.replace('*', "")) }
}

fn quickstart(cx: &Context<'_>) -> Vec<String> {
    let name = cx.crate_name();
    let mut lines = vec!["```no_run".to_owned()];
    lines.push(if environment::named(cx).is_empty() {
        format!("use {name}::Client;")
    } else {
        format!("use {name}::{{Client, Environment}};")
    });
    lines.push(String::new());
    lines.push("fn main() -> Result<(), Box<dyn std::error::Error>> {".to_owned());
    lines.extend(building(cx).iter().map(|line| format!("    {line}")));
    lines.extend(["        .build()?;", "    println!(\"{client:?}\");", "    Ok(())", "}", "```"].map(str::to_owned));
    lines
}

/// The statement that makes a client, its last line left out: the method that builds.
pub(super) fn building(cx: &Context<'_>) -> Vec<String> {
    let environment = environment::named(cx).first().map(|(_, environment)| environment.name.as_str());
    let mut lines = vec!["let client = Client::builder()".to_owned()];
    lines.push(match (environment, environment::unnamed(cx).first()) {
        (Some(environment), _) => format!("    .environment(Environment::{environment})"),
        (None, Some(server)) => format!("    .base_url({:?})", server.url),
        (None, None) => "    .base_url(\"https://api.example.com\")".to_owned(),
    });
    if let Some(scheme) = cx.api.schemes.first().filter(|_| cx.api.credential_required) {
        lines.push(match scheme.kind {
            SchemeKind::Basic => format!("    .{}(\"user\", \"password\")", scheme.rust),
            _ => format!("    .{}(std::env::var(\"API_KEY\")?)", scheme.rust),
        });
    }
    lines
}
