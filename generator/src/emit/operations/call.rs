//! The body of an operation's method.
//!
//! ```text
//! self.call(&GET_PET)
//!     .check_parameter("petId", Some(pet_id), |check, value| check.max_length(value, 10))
//!     .path("petId", &pet_id, Style::Simple { explode: false })
//!     .json_response()
//!     .await
//! ```

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::super::ident::{ident, ident_of};
use super::super::krate::Crate;
use super::super::types::checks;
use super::{answer, facts};
use crate::model::{
    Answer, AnswerBody, BodyKind, Inside, Location, Operation, Parameter, PropertyStyle, RequestBody, Style, ValueKind,
};

/// Returns the statements of the method's body.
pub(super) fn statements(cx: &Crate<'_>, op: &Operation) -> TokenStream {
    let name = facts::name(op);
    let required = op.required.iter().map(|param| required(cx, param));
    let optional = op.optional.iter().flat_map(|params| &params.parameters).map(|param| optional(cx, param));
    let accept = op.accept.as_ref().map(|media_types| quote!(.accept(#media_types)));
    let redirects = op.redirects.iter().map(|status| facts::statuses(*status));
    let redirects = (!op.redirects.is_empty()).then(|| quote!(.redirects(&[#(#redirects),*])));
    let filled = quote!(self.call(&#name) #accept #redirects #(#required)* #(#optional)*);
    let optional_body = op.body.as_ref().filter(|body| !body.required).map(|item| {
        let rust = ident(&item.rust);
        let with_body = with_body(cx, item, &quote!(call), &quote!(#rust));
        quote! {
            let mut call = #filled;
            if let Some(#rust) = #rust {
                call = #with_body;
            }
        }
    });
    let several_bodies = op.body.as_ref().filter(|body| body.required && matches!(body.kind, BodyKind::Several(_)));
    let several_bodies = several_bodies.map(|item| {
        let rust = ident(&item.rust);
        let with_body = with_body(cx, item, &quote!(call), &quote!(#rust.into()));
        quote! {
            let call = #filled;
            let call = #with_body;
        }
    });
    let text = op.body.as_ref().filter(|body| body.required && is_checked_text(&body.kind)).map(|item| {
        let rust = ident(&item.rust);
        quote!(let #rust: String = #rust.into();)
    });
    let statements = optional_body.or(several_bodies);
    let call = match (&op.body, &statements) {
        (_, Some(_)) => quote!(call),
        (Some(item), None) => {
            let rust = ident(&item.rust);
            with_body(cx, item, &filled, &quote!(#rust))
        }
        (None, None) => filled,
    };
    let sent = match &op.answer {
        Answer::One(body) => sent(cx, body, &call),
        Answer::Several(several) => answer::read(cx, &call, several),
    };
    quote!(#text #statements #sent)
}

fn required(cx: &Crate<'_>, param: &Parameter) -> TokenStream {
    let wire = &param.wire;
    let rust = ident(&param.rust);
    let value = to_write(param.value, &rust);
    let (method, style) = written(param);
    let given = to_check(param.value, &rust);
    let check = check(cx, param, &quote!(Some(#given)));
    quote!(#check .#method(#wire, #value, #style))
}

/// The argument as a reference to a sized type, for writing it.
fn to_write(kind: ValueKind, rust: &Ident) -> TokenStream {
    if kind.is_copy() || kind.is_unsized() { quote!(&#rust) } else { quote!(#rust) }
}

/// The argument as a reference, for checking it.
fn to_check(kind: ValueKind, rust: &Ident) -> TokenStream {
    if kind.is_copy() { quote!(&#rust) } else { quote!(#rust) }
}

fn optional(cx: &Crate<'_>, param: &Parameter) -> TokenStream {
    let wire = &param.wire;
    let rust = ident(&param.rust);
    let (method, style) = written(param);
    let check = check(cx, param, &quote!(params.#rust.as_ref()));
    quote!(#check .#method(#wire, &params.#rust, #style))
}

/// The check of a parameter, if it has rules.
fn check(cx: &Crate<'_>, param: &Parameter, value: &TokenStream) -> Option<TokenStream> {
    if param.rules.is_empty() {
        return None;
    }
    let wire = &param.wire;
    let closure = checks::closure(cx, &param.ty, &param.rules, &ident_of("value"));
    Some(quote!(.check_parameter(#wire, #value, #closure)))
}

/// Whether the body is text with rules.
fn is_checked_text(kind: &BodyKind) -> bool {
    matches!(kind, BodyKind::Text { rules, .. } if !rules.is_empty())
}

/// The runtime's function that writes a parameter, and its style.
fn written(param: &Parameter) -> (TokenStream, TokenStream) {
    let (method, style) = match param.location {
        Location::Path(style) => (quote!(path), style),
        Location::Query { style, allow_reserved: false } => (quote!(query), style),
        Location::Query { style, allow_reserved: true } => (quote!(query_reserved), style),
        Location::Header(style) => (quote!(header), style),
        Location::Cookie(style) => (quote!(cookie), style),
    };
    (method, self::style(style))
}

/// The properties of a form that aren't written in the default way.
pub(in super::super) fn property_styles(styles: &[PropertyStyle]) -> TokenStream {
    let styles = styles.iter().map(|property| {
        let (wire, style, reserved) = (&property.wire, style(property.style), property.allow_reserved);
        quote!((#wire, #style, #reserved))
    });
    quote!(&[#(#styles),*])
}

/// A style as the runtime names it.
pub(in super::super) fn style(style: Style) -> TokenStream {
    match style {
        Style::Simple { explode } => quote!(Style::Simple { explode: #explode }),
        Style::Label { explode } => quote!(Style::Label { explode: #explode }),
        Style::Matrix { explode } => quote!(Style::Matrix { explode: #explode }),
        Style::Form { explode } => quote!(Style::Form { explode: #explode }),
        Style::SpaceDelimited => quote!(Style::SpaceDelimited),
        Style::PipeDelimited => quote!(Style::PipeDelimited),
        Style::DeepObject => quote!(Style::DeepObject),
        Style::Json => quote!(Style::Json),
    }
}

fn part_style(style: Style) -> TokenStream {
    match style {
        Style::SpaceDelimited => quote!(PartStyle::Joined(" ")),
        Style::PipeDelimited => quote!(PartStyle::Joined("|")),
        Style::DeepObject => quote!(PartStyle::Deep),
        Style::Form { explode: false } => quote!(PartStyle::Joined(",")),
        _ => quote!(PartStyle::Exploded),
    }
}

/// The call with its body. `value` is the method's argument.
fn with_body(cx: &Crate<'_>, body: &RequestBody, call: &TokenStream, value: &TokenStream) -> TokenStream {
    let rust = ident(&body.rust);
    let BodyKind::Several(several) = &body.kind else {
        let written = written_body(cx, &body.kind, &rust);
        return quote!(#call #written);
    };
    let name = ident(&several.name);
    let arms = several.variants.iter().map(|variant| {
        let written = written_body(cx, &variant.kind, &rust);
        let variant = ident(&variant.rust);
        quote!(#name::#variant(#rust) => #call #written,)
    });
    quote!(match #value { #(#arms)* })
}

/// The calls that check a body and write it.
fn written_body(cx: &Crate<'_>, kind: &BodyKind, rust: &Ident) -> TokenStream {
    match kind {
        BodyKind::Json { media_type, value, .. } => {
            let checked = checked(cx, kind, &to_check(*value, rust));
            let value = to_write(*value, rust);
            quote!(#checked .json(#media_type, #value))
        }
        BodyKind::Form { value, styles, .. } => {
            let checked = checked(cx, kind, &to_check(*value, rust));
            let value = to_write(*value, rust);
            let styles = property_styles(styles);
            quote!(#checked .form(#value, #styles))
        }
        BodyKind::Multipart { media_type, ty, part_types, part_styles } => {
            let checked = cx.def(*ty).checked.then(|| quote!(.checked(&#rust)));
            let part_types = part_types.iter().map(|(wire, media_type)| quote!(.part_type(#wire, #media_type)));
            let part_styles = part_styles.iter().map(|property| {
                let (wire, style) = (&property.wire, part_style(property.style));
                quote!(.part_style(#wire, #style))
            });
            quote!(#checked .multipart(#media_type, #rust.form(Form::new() #(#part_types)* #(#part_styles)*)))
        }
        BodyKind::Several(_) => unreachable!("lowering never nests several media types"),
        BodyKind::Text { media_type, .. } => {
            let checked = checked(cx, kind, &quote!(&#rust));
            quote!(#checked .text(#media_type, #rust))
        }
        BodyKind::Bytes { media_type } => quote!(.bytes(#media_type, #rust)),
        BodyKind::Media { range } => quote!(.media(#range, #rust)),
    }
}

/// The check of a body, if the body or its type has rules.
fn checked(cx: &Crate<'_>, kind: &BodyKind, value: &TokenStream) -> Option<TokenStream> {
    let (ty, rules) = kind.ruled()?;
    if rules.adds_to_type() {
        let closure = checks::closure(cx, &ty, rules, &ident_of("body"));
        return Some(quote!(.check_body(#value, #closure)));
    }
    (rules.inside == Inside::Type).then(|| quote!(.checked(#value)))
}

/// The expression that sends the call and reads such a body.
fn sent(cx: &Crate<'_>, body: &AnswerBody, call: &TokenStream) -> TokenStream {
    let send = match body {
        AnswerBody::Events(_) | AnswerBody::TextEvents | AnswerBody::Lines(_) => {
            let accept = if matches!(body, AnswerBody::Lines(_)) { "*/*" } else { "text/event-stream" };
            let read = answer::stream(cx, body);
            return quote!(Ok(#call.streamed(#accept).await?.#read));
        }
        AnswerBody::Data(_) => quote!(data),
        AnswerBody::Whole(_) => quote!(whole),
        AnswerBody::Json(_) => quote!(json_response),
        AnswerBody::Text => quote!(text_response),
        AnswerBody::Bytes => quote!(bytes_response),
        AnswerBody::Empty => quote!(empty),
    };
    quote!(#call.#send().await)
}
