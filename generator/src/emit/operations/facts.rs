//! A static with the facts about an operation that the runtime needs.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};

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
        let schemes = alternative.iter().map(|index| Literal::usize_unsuffixed(*index));
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
    let statuses = statuses(failure.status);
    let refused = if let Some(code) = &failure.refused_before_acting { quote!(Some(#code)) } else { quote!(None) };
    let rules = failure.rules.iter().map(|item| rule(cx, item));
    quote! {
        api::Failure { statuses: #statuses, refused_before_acting: #refused, kinds: &[#(#rules),*] }
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

/// The range of the statuses that a response's key covers.
pub(in super::super) fn statuses(status: Status) -> TokenStream {
    let (first, last) = status.codes();
    let (first, last) = (Literal::u16_unsuffixed(first), Literal::u16_unsuffixed(last));
    quote!(#first..=#last)
}

/// The pattern of these statuses.
pub(in super::super) fn pattern(status: Status) -> TokenStream {
    match status {
        Status::Code(code) => Literal::u16_unsuffixed(code).into_token_stream(),
        Status::Range(_) => statuses(status),
        Status::Default => quote!(_),
    }
}
