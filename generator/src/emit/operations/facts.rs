//! A static with the facts about an operation that the runtime needs.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::super::ident::{ident, ident_of};
use super::super::krate::Crate;
use crate::model::{ErrorMatch, ErrorRule, Failure, Operation, Status};

/// Returns the name of an operation's static.
pub(in super::super) fn name(op: &Operation) -> Ident {
    ident_of(&op.rust.as_str().to_uppercase())
}

/// Returns the static.
pub(super) fn item(cx: &Crate<'_>, op: &Operation) -> TokenStream {
    let name = name(op);
    let id = &op.id;
    let method = ident_of(&op.method);
    let path = &op.path;
    let repeatable = op.repeatable;
    let security = op.security.iter().map(|alternative| {
        let schemes = alternative.iter().map(|index| proc_macro2::Literal::usize_unsuffixed(*index));
        quote!(&[#(#schemes),*])
    });
    let server = if let Some(server) = &op.server { quote!(Some(#server)) } else { quote!(None) };
    let failures = op.failures.iter().map(|item| failure(cx, item));
    let visibility = cx.has_server().then(|| quote!(pub(crate)));
    quote! {
        #visibility static #name: Operation = Operation {
            id: #id,
            method: Method::#method,
            path: #path,
            repeatable: #repeatable,
            security: &[#(#security),*],
            server: #server,
            failures: &[#(#failures),*],
        };
    }
}

fn failure(cx: &Crate<'_>, failure: &Failure) -> TokenStream {
    let (first, last) = statuses(failure.status);
    let refused = if let Some(code) = &failure.refused_before_acting { quote!(Some(#code)) } else { quote!(None) };
    let rules = failure.rules.iter().map(|item| rule(cx, item));
    quote! {
        api::Failure { statuses: #first..=#last, refused_before_acting: #refused, kinds: &[#(#rules),*] }
    }
}

fn rule(cx: &Crate<'_>, rule: &ErrorRule) -> TokenStream {
    let kind = &cx.api.error_kinds[rule.kind];
    let name = ident(&kind.name);
    let matches = match &rule.matches {
        ErrorMatch::Message(text) => quote!(api::KindMatch::Message(#text)),
        ErrorMatch::MessagePrefix(text) => quote!(api::KindMatch::MessagePrefix(#text)),
        ErrorMatch::Code(text) => quote!(api::KindMatch::Code(#text)),
    };
    quote!(api::KindRule { kind: &ErrorKind::#name, matches: #matches })
}

/// The first and the last status that a response's key covers.
pub(in super::super) fn statuses(status: Status) -> (proc_macro2::Literal, proc_macro2::Literal) {
    let (first, last) = match status {
        Status::Code(code) => (code, code),
        Status::Range(hundreds) => (u16::from(hundreds) * 100, u16::from(hundreds) * 100 + 99),
        Status::Default => (100, 599),
    };
    (proc_macro2::Literal::u16_unsuffixed(first), proc_macro2::Literal::u16_unsuffixed(last))
}
