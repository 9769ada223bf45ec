//! The body of a request: the argument of the method, and how it's decoded.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::super::ident::{ident, ident_of};
use super::super::krate::Crate;
use super::super::operations::{body, call};
use super::super::types::checks;
use crate::model::{BodyEnum, BodyKind, Inside, RequestBody};

/// Returns the type of the method's argument.
pub(super) fn argument(cx: &Crate<'_>, item: &RequestBody) -> TokenStream {
    let ty = match &item.kind {
        BodyKind::Several(several) => body::argument(several, &quote!('_)),
        kind => value(cx, kind),
    };
    if item.required { ty } else { quote!(Option<#ty>) }
}

/// The type that a body of one media type is decoded into.
fn value(cx: &Crate<'_>, kind: &BodyKind) -> TokenStream {
    match kind {
        BodyKind::Json { ty, .. } | BodyKind::Form { ty, .. } => cx.value(cx.resolved(ty)),
        BodyKind::Text { .. } => quote!(String),
        BodyKind::Media { .. } => quote!(MediaBody),
        BodyKind::Multipart { .. } | BodyKind::Bytes { .. } | BodyKind::Several(_) => quote!(crate::body::Body),
    }
}

/// Returns the statements that decode the body into an `Option`.
pub(super) fn decoding(cx: &Crate<'_>, item: &RequestBody, local: &Ident) -> TokenStream {
    let required = item.required;
    if let BodyKind::Several(several) = &item.kind {
        return several_decoding(cx, several, required, local);
    }
    let media_type = media_type(&item.kind);
    let decoded = decoded(cx, &item.kind, required);
    let check = check(cx, &item.kind, local);
    // A body that is optional and absent has no media type either.
    let is_there = (!required).then(|| quote!(if input.has_body()));
    quote! {
        let #local = match input.media_type(&[#media_type]) {
            Some(_) #is_there => #decoded,
            _ => None,
        };
        #check
    }
}

fn several_decoding(cx: &Crate<'_>, several: &BodyEnum, required: bool, local: &Ident) -> TokenStream {
    let name = ident(&several.name);
    let locals: Vec<Ident> = (0..several.variants.len()).map(|index| ident_of(&format!("{local}_{index}"))).collect();
    let media_types = several.variants.iter().map(|variant| &variant.media_type);
    let is_there = (!required).then(|| quote!(if input.has_body()));
    let mut choices = Vec::new();
    let mut arms = Vec::new();
    let mut checks = Vec::new();
    for (index, (variant, decoded_local)) in several.variants.iter().zip(&locals).enumerate() {
        let index = proc_macro2::Literal::usize_unsuffixed(index);
        let rust = ident(&variant.rust);
        if let BodyKind::Multipart { media_type, .. } = &variant.kind {
            arms.push(quote!(Some(#index) #is_there => input.unsupported(#media_type),));
            continue;
        }
        let decoded = decoded(cx, &variant.kind, required);
        let ty = value(cx, &variant.kind);
        arms.push(quote!(Some(#index) #is_there => #decoded_local = #decoded,));
        checks.push(check(cx, &variant.kind, decoded_local));
        let borrowed = match &variant.kind {
            BodyKind::Json { value, .. } | BodyKind::Form { value, .. } if value.is_unsized() => quote!(.as_deref()),
            BodyKind::Json { value, .. } | BodyKind::Form { value, .. } if !value.is_copy() => quote!(.as_ref()),
            _ => quote!(),
        };
        choices.push((
            quote!(let mut #decoded_local: Option<#ty> = None;),
            quote!(#decoded_local #borrowed .map(#name::#rust)),
        ));
    }
    let declarations = choices.iter().map(|(declaration, _)| declaration);
    let mut values = choices.iter().map(|(_, value)| value);
    let first = values.next().map_or_else(|| quote!(None), |first| quote!(#first));
    quote! {
        #(#declarations)*
        match input.media_type(&[#(#media_types),*]) {
            #(#arms)*
            _ => {}
        }
        #(#checks)*
        let #local = #first #(.or(#values))*;
    }
}

/// The expression that decodes a body of one media type into an `Option`.
fn decoded(cx: &Crate<'_>, kind: &BodyKind, required: bool) -> TokenStream {
    let ty = value(cx, kind);
    match kind {
        BodyKind::Json { .. } => quote!(input.json::<#ty>(#required).await),
        BodyKind::Form { styles, .. } => {
            let styles = call::property_styles(styles);
            quote!(input.form::<#ty>(#required, #styles).await)
        }
        BodyKind::Text { .. } => quote!(input.text().await),
        BodyKind::Media { .. } => quote!(Some(input.media())),
        BodyKind::Multipart { .. } | BodyKind::Bytes { .. } | BodyKind::Several(_) => quote!(Some(input.stream())),
    }
}

/// The check of a body, if there are rules.
fn check(cx: &Crate<'_>, kind: &BodyKind, local: &Ident) -> Option<TokenStream> {
    let (ty, rules) = kind.ruled()?;
    if rules.own.is_empty() && rules.inside == Inside::Nothing {
        return None;
    }
    let closure = checks::closure(cx, &ty, rules, &ident_of("body"));
    Some(quote!(input.check(None, #local.as_ref(), #closure);))
}

fn media_type(kind: &BodyKind) -> &str {
    match kind {
        BodyKind::Json { media_type, .. }
        | BodyKind::Multipart { media_type, .. }
        | BodyKind::Text { media_type, .. }
        | BodyKind::Bytes { media_type } => media_type,
        BodyKind::Form { .. } => "application/x-www-form-urlencoded",
        BodyKind::Media { range } => range,
        BodyKind::Several(_) => "*/*",
    }
}
