//! Rules about servers.

use super::View;
use crate::lint::codes;
use generator::diagnostic::{Diagnostic, Pointer};

pub fn server_without_https(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    let openapi = &view.document.openapi;
    let lists = view.calls.iter().flat_map(|call| {
        [(&call.item.servers, call.item_pointer.key("servers")), (&call.object.servers, call.pointer.key("servers"))]
    });
    for (servers, pointer) in std::iter::once((&openapi.servers, Pointer::root().key("servers"))).chain(lists) {
        for (index, server) in servers.iter().enumerate() {
            let mut url = server.url.clone();
            for (name, variable) in server.variables.iter().flatten() {
                url = url.replace(&format!("{{{name}}}"), &variable.default);
            }
            if is_open_to_all(&url) {
                found.push(
                    codes::SERVER_WITHOUT_HTTPS
                        .at(&pointer.index(index).key("url"), "what is sent to this server can be read on the way")
                        .help("write `https://`"),
                );
            }
        }
    }
}

fn is_open_to_all(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(address) => address.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    let is_same_machine =
        matches!(host, "localhost" | "::1") || host.starts_with("127.") || host.ends_with(".localhost");
    !scheme.eq_ignore_ascii_case("https") && !is_same_machine
}
