//! The body of an operation's method.
//!
//! ```text
//! self.call(&GET_PET).path("petId", &pet_id, Style::Simple { explode: false }).json_answer().await
//! ```

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::super::context::{Context, Passing, ident};
use super::{answer, facts};
use crate::model::{Answer, AnswerBody, BodyKind, Location, Operation, Parameter, RequestBody, Style, Type};

/// Returns the statements of the method's body.
pub(super) fn statements(cx: &Context<'_>, op: &Operation) -> TokenStream {
    let name = facts::name(op);
    let required = op.required.iter().map(|param| required(cx, param));
    let optional = op.optional.iter().flat_map(|params| &params.parameters).map(optional);
    let accept = op.accept.as_ref().map(|media_types| quote!(.accept(#media_types)));
    let filled = quote!(self.call(&#name) #accept #(#required)* #(#optional)*);
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
    quote!(#statements #sent)
}

fn required(cx: &Context<'_>, param: &Parameter) -> TokenStream {
    let wire = &param.wire;
    let rust = ident(&param.rust);
    let value = match cx.passing(&param.ty) {
        Passing::Value | Passing::Unsized => quote!(&#rust),
        Passing::Reference => quote!(#rust),
    };
    let (method, style) = written(param);
    quote!(.#method(#wire, #value, #style))
}

fn optional(param: &Parameter) -> TokenStream {
    let wire = &param.wire;
    let rust = ident(&param.rust);
    let (method, style) = written(param);
    quote!(.#method(#wire, &params.#rust, #style))
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

fn style(style: Style) -> TokenStream {
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

/// The call with its body: `value` is what the method was given.
fn with_body(cx: &Context<'_>, body: &RequestBody, call: &TokenStream, value: &TokenStream) -> TokenStream {
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

/// The runtime's function that writes a body, and the check before it.
fn written_body(cx: &Context<'_>, kind: &BodyKind, rust: &Ident) -> TokenStream {
    let value = |ty| match cx.passing(ty) {
        Passing::Value | Passing::Unsized => quote!(&#rust),
        Passing::Reference => quote!(#rust),
    };
    match kind {
        BodyKind::Json { media_type, ty } => {
            let checked = checked(cx, ty, rust);
            let value = value(ty);
            quote!(#checked .json(#media_type, #value))
        }
        BodyKind::Form { ty, styles } => {
            let checked = checked(cx, ty, rust);
            let value = value(ty);
            let styles = styles.iter().map(|property| {
                let (wire, style, reserved) = (&property.wire, style(property.style), property.allow_reserved);
                quote!((#wire, #style, #reserved))
            });
            quote!(#checked .form(#value, &[#(#styles),*]))
        }
        BodyKind::Multipart { media_type, ty, part_types } => {
            let checked = cx.is_checked(cx.def(*ty)).then(|| quote!(.checked(&#rust)));
            let part_types = part_types.iter().map(|(wire, media_type)| quote!(.part_type(#wire, #media_type)));
            quote!(#checked .multipart(#media_type, #rust.form(Form::new() #(#part_types)*)))
        }
        BodyKind::Several(_) => unreachable!("lowering puts no several into several"),
        BodyKind::Text { media_type } => quote!(.text(#media_type, #rust)),
        BodyKind::Bytes { media_type } => quote!(.bytes(#media_type, #rust)),
    }
}

/// The check of a body by its type's rules, where it has any.
fn checked(cx: &Context<'_>, ty: &Type, rust: &Ident) -> Option<TokenStream> {
    let value = match cx.passing(ty) {
        Passing::Value => quote!(&#rust),
        Passing::Unsized | Passing::Reference => quote!(#rust),
    };
    cx.holds_checked(ty).then(|| quote!(.checked(#value)))
}

/// The expression that sends the call and reads such a body.
fn sent(cx: &Context<'_>, body: &AnswerBody, call: &TokenStream) -> TokenStream {
    let send = match body {
        AnswerBody::Events(_) | AnswerBody::TextEvents | AnswerBody::Lines(_) => {
            let accept = if matches!(body, AnswerBody::Lines(_)) { "*/*" } else { "text/event-stream" };
            let read = answer::stream(cx, body);
            return quote!(Ok(#call.streamed(#accept).await?.#read));
        }
        AnswerBody::Data(_) => quote!(data),
        AnswerBody::Whole(_) => quote!(whole),
        AnswerBody::Json(_) => quote!(json_answer),
        AnswerBody::Text => quote!(text_answer),
        AnswerBody::Bytes => quote!(bytes_answer),
        AnswerBody::Empty => quote!(empty),
    };
    quote!(#call.#send().await)
}
