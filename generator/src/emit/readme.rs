//! `README.md`, which is also the front page of the crate's docs, with a quickstart that compiles.

use super::docs;
use super::file::File;
use super::imports::{self, Imports};
use super::krate::Crate;
use super::operations::example;

/// Returns the file.
pub(super) fn files<'c>(cx: &'c Crate<'_>) -> Vec<File<'c>> {
    let title = docs::phrase(cx, &cx.api.title);
    let mut text = docs::Text::ours(&format!(
        "A client for {}, generated from version {} of its description.",
        bold(&title),
        docs::code(&cx.api.version)
    ));
    text = text.document(cx, &cx.api.docs);
    text = text.section("Quickstart").verbatim(quickstart(cx)).paragraph(
        "Each operation is a method of `Client`. The `delivery` of an `Error` tells you whether the server may have acted \
         on the request. `Debug` prints only values that the API's description marks as safe to show.",
    );
    if cx.has_server() {
        text = text.paragraph(
            "With the feature `server`, the module `server` has the other side of the API: traits to implement, and a \
             router for axum that calls them with decoded and checked requests.",
        );
    }
    vec![File::text("README.md", format!("# {}\n\n{}", heading(&cx.config.name), text.into_markdown()))]
}

/// The crate's name, as code if it looks like an identifier. Clippy asks for that.
fn heading(name: &str) -> String {
    let is_plain = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if is_plain { name.to_owned() } else { docs::code(name) }
}

fn bold(title: &str) -> String {
    if title.is_empty() { "an API".to_owned() } else { format!("**{}**", title.replace('*', "")) }
}

fn quickstart(cx: &Crate<'_>) -> Vec<String> {
    let call = example::first_call(cx);
    let mut names = vec!["Client".to_owned()];
    if !cx.api.environments().is_empty() {
        names.push("Environment".to_owned());
    }
    let code = call.iter().flatten().cloned().collect::<Vec<_>>().join("\n");
    names.extend(Imports::new(&imports::table(cx.api), &[]).public_names(&code));
    names.sort();
    names.dedup();
    let names = if names.len() == 1 { names.remove(0) } else { format!("{{{}}}", names.join(", ")) };
    let head = if call.is_some() { "async fn call()" } else { "fn main()" };
    let mut lines = vec!["```no_run".to_owned(), format!("use {}::{names};", cx.name()), String::new()];
    lines.push(format!("{head} -> Result<(), Box<dyn std::error::Error>> {{"));
    lines.extend(example::building(cx).iter().map(|line| format!("    {line}")));
    lines.push("        .build()?;".to_owned());
    match call {
        Some(call) => lines.extend(call.iter().map(|line| format!("    {line}"))),
        None => lines.push("    println!(\"{client:?}\");".to_owned()),
    }
    lines.extend(["    Ok(())", "}", "```"].map(str::to_owned));
    lines
}
