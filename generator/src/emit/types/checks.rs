//! The checks of a type by the document's rules, before it is sent.
//!
//! ```text
//! const ZIP_PATTERN: rules::Pattern = …;
//!
//! impl Check for Address {
//!     fn check(&self, check: &mut Checker) {
//!         check.field("city").min_length(&self.city, 2);
//!         check.field("zip").pattern(&self.zip, &ZIP_PATTERN);
//!     }
//! }
//! ```
//!
//! The model says which types are checked, and which rules apply to a value.

use std::collections::BTreeMap;

use proc_macro2::{Ident, Literal, TokenStream, TokenTree};
use quote::quote;

use super::super::attributes;
use super::super::ident::{ident, ident_of};
use super::super::krate::Crate;
use super::super::literal::number;
use crate::model::{
    Bound, Field, Format, Inside, Newtype, NewtypeInner, Openness, Pattern, Presence, Rule, Rules, Shape, Struct, Type,
    TypeDef, Union,
};

/// The patterns in a file, by the names of their constants.
type Patterns = BTreeMap<Ident, TokenStream>;

/// Returns the type's `Check`, if it has one.
pub(super) fn items(cx: &Crate<'_>, def: &TypeDef) -> Option<TokenStream> {
    if !def.checked {
        return None;
    }
    let mut patterns = Patterns::new();
    let (lines, attributes) = match &def.shape {
        Shape::Struct(item) => structure(cx, item, &mut patterns),
        Shape::Newtype(item) => (newtype(cx, item, &mut patterns), None),
        Shape::Union(item) => (union(item), None),
        Shape::Enum(_) | Shape::Alias(_) => return None,
    };
    let name = ident(&def.name);
    let patterns = patterns.values();
    Some(quote! {
        #(#patterns)*

        impl Check for #name {
            #attributes
            fn check(&self, check: &mut Checker) {
                #lines
            }
        }
    })
}

/// Returns a closure that takes a checker and a value with this name, and checks the value.
pub(in super::super) fn closure(cx: &Crate<'_>, ty: &Type, rules: &Rules, value: &Ident) -> TokenStream {
    if !rules.adds_to_type() {
        return quote!(Checker::value);
    }
    let mut patterns = Patterns::new();
    let calls = calls(cx, ty, rules, &quote!(#value), "", &mut patterns);
    let patterns = patterns.values();
    if patterns.len() == 0 {
        return quote!(|check, #value| check #calls);
    }
    quote!(|check, #value| { #(#patterns)* check #calls })
}

/// The type, with aliases followed and without null.
fn plain<'t>(cx: &'t Crate<'_>, ty: &'t Type) -> &'t Type {
    match cx.resolved(ty) {
        Type::Nullable(item) => cx.resolved(item),
        ty => ty,
    }
}

fn structure(cx: &Crate<'_>, item: &Struct, patterns: &mut Patterns) -> (TokenStream, Option<TokenStream>) {
    let checked: Vec<&Field> = item.fields.iter().filter(|field| !field.rules.is_empty()).collect();
    let lines = checked.iter().map(|item| field(cx, item, patterns)).collect::<TokenStream>();
    let additional = item.additional.as_ref().filter(|item| !item.rules.is_empty()).map(|item| {
        let rust = ident(&item.rust);
        let rules = of_values(&item.rules);
        let calls = calls(cx, &Type::Map(Box::new(item.ty.clone())), &rules, &quote!(&self.#rust), "VALUE", patterns);
        quote!(check #calls;)
    });
    let touches = attributes::touches_deprecated(checked.iter().any(|field| field.deprecated));
    // An optional one takes five lines.
    let long = attributes::long(checked.len() * 5);
    (quote!(#lines #additional), Some(quote!(#touches #long)))
}

fn field(cx: &Crate<'_>, field: &Field, patterns: &mut Patterns) -> TokenStream {
    let wire = &field.wire;
    let rust = ident(&field.rust);
    let label = field.rust.as_str().trim_matches('_').to_uppercase();
    let mut calls = |place: &TokenStream| calls(cx, &field.ty, &field.rules, place, &label, patterns);
    if field.flattened {
        let calls = calls(&quote!(&self.#rust));
        return quote!(check #calls;);
    }
    if field.presence == Presence::Required {
        let calls = calls(&quote!(&self.#rust));
        return quote!(check.field(#wire) #calls;);
    }
    let calls = calls(&quote!(value));
    let value =
        if field.presence == Presence::OptionalNullable { quote!(self.#rust.get()) } else { quote!(&self.#rust) };
    quote! {
        if let Some(value) = #value {
            check.field(#wire) #calls;
        }
    }
}

fn newtype(cx: &Crate<'_>, item: &Newtype, patterns: &mut Patterns) -> TokenStream {
    let calls = calls(cx, &item.inner.ty(), &item.rules, &quote!(&self.0), "", patterns);
    quote!(check #calls;)
}

/// The calls for a value, in a chain.
fn calls(
    cx: &Crate<'_>,
    ty: &Type,
    rules: &Rules,
    place: &TokenStream,
    label: &str,
    patterns: &mut Patterns,
) -> TokenStream {
    let ty = cx.resolved(ty);
    let own = own(&rules.own, &held(cx, ty, place), label, patterns);
    let (item, rules) = match (ty, &rules.inside) {
        (Type::Array(item) | Type::Map(item), Inside::Each(rules)) => (item, rules),
        (_, Inside::Type) => return quote!(#own .value(#place)),
        _ => return own,
    };
    let each = if matches!(ty, Type::Map(_)) { quote!(values) } else { quote!(items) };
    let of_item = calls(cx, plain(cx, item), rules, &quote!(item), label, patterns);
    let check = if matches!(cx.resolved(item), Type::Nullable(_)) {
        quote!(match item { Some(item) => check #of_item, None => check })
    } else {
        quote!(check #of_item)
    };
    quote!(#own .#each(#place, |check, item| #check))
}

/// The place of a value, or of the scalar in a newtype.
fn held(cx: &Crate<'_>, ty: &Type, place: &TokenStream) -> TokenStream {
    let Type::Named(id) = ty else { return place.clone() };
    let Shape::Newtype(Newtype { inner: NewtypeInner::Scalar(scalar), .. }) = &cx.def(*id).shape else {
        return place.clone();
    };
    // Methods borrow by themselves.
    let is_borrow = |token: &TokenTree| matches!(token, TokenTree::Punct(it) if it.as_char() == '&');
    let receiver: TokenStream = place.clone().into_iter().skip_while(is_borrow).collect();
    if scalar.is_text() { quote!(#receiver.as_str()) } else { quote!(&#receiver.get()) }
}

/// The calls for the rules of the value itself.
fn own(rules: &[Rule], place: &TokenStream, label: &str, patterns: &mut Patterns) -> TokenStream {
    let calls = rules.iter().map(|rule| {
        let method = ident_of(method(rule));
        match rule {
            Rule::MinLength(count) | Rule::MaxLength(count) | Rule::MinItems(count) | Rule::MaxItems(count) => {
                let count = number(&count.to_string());
                quote!(.#method(#place, #count))
            }
            Rule::Pattern(item) => {
                let name = pattern_name(label, patterns);
                let tokens = pattern(&name, item);
                patterns.insert(name.clone(), tokens);
                quote!(.#method(#place, &#name))
            }
            Rule::Format(_) => quote!(.#method(#place)),
            Rule::Minimum(bound) | Rule::Maximum(bound) => {
                let end = number(&bound.value);
                quote!(.#method(#place, #end))
            }
        }
    });
    calls.collect()
}

/// The runtime's function for a rule.
fn method(rule: &Rule) -> &'static str {
    let ranged = |bound: &Bound, inclusive, exclusive| if bound.exclusive { exclusive } else { inclusive };
    match rule {
        Rule::MinLength(_) => "min_length",
        Rule::MaxLength(_) => "max_length",
        Rule::Pattern(_) => "pattern",
        Rule::Format(Format::Email) => "email",
        Rule::Format(Format::Uri) => "uri",
        Rule::MinItems(_) => "min_items",
        Rule::MaxItems(_) => "max_items",
        Rule::Minimum(bound) => ranged(bound, "at_least", "more_than"),
        Rule::Maximum(bound) => ranged(bound, "at_most", "less_than"),
    }
}

/// A unique name for the next pattern of a field.
fn pattern_name(label: &str, patterns: &Patterns) -> Ident {
    let name = if label.is_empty() { "PATTERN".to_owned() } else { format!("{label}_PATTERN") };
    let mut names = std::iter::once(name.clone()).chain((2..).map(|count| format!("{name}_{count}")));
    let free = names.find(|name| !patterns.contains_key(&ident_of(name))).expect("there are more names than patterns");
    ident_of(&free)
}

fn pattern(name: &Ident, pattern: &Pattern) -> TokenStream {
    let text = &pattern.text;
    let is_whole = pattern.is_whole;
    let parts = pattern.parts.iter().map(|part| {
        let ranges = part.ranges.iter().map(|(low, high)| {
            let (low, high) = (Literal::character(*low), Literal::character(*high));
            quote!((#low, #high))
        });
        let min = number(&part.min.to_string());
        let max = part.max.map_or_else(|| quote!(usize::MAX), |max| number(&max.to_string()));
        quote!((&[#(#ranges),*], #min, #max))
    });
    quote! {
        const #name: rules::Pattern =
            rules::Pattern { text: #text, parts: &[#(#parts),*], is_whole: #is_whole };
    }
}

/// The rules for a map whose values have these rules.
fn of_values(rules: &Rules) -> Rules {
    let inside = if rules.adds_to_type() { Inside::Each(Box::new(rules.clone())) } else { Inside::Type };
    Rules { own: Vec::new(), inside }
}

/// Checks the value of whichever variant it is. Variants with the same type share an arm.
fn union(item: &Union) -> TokenStream {
    let (checked, unchecked): (Vec<_>, Vec<_>) = item.variants.iter().partition(|variant| variant.checked);
    let unchecked = unchecked.into_iter().map(|variant| {
        let rust = ident(&variant.rust);
        quote!(Self::#rust(_))
    });
    let unrecognized = (item.openness == Openness::Open).then(|| quote!(Self::Unrecognized(_)));
    let others: Vec<TokenStream> = unchecked.chain(unrecognized).collect();
    let mut arms: BTreeMap<usize, Vec<Ident>> = BTreeMap::new();
    for variant in checked {
        arms.entry(variant.first_alike).or_default().push(ident(&variant.rust));
    }
    let patterns: Vec<TokenStream> = arms.values().map(|variants| quote!(#(Self::#variants(value))|*)).collect();
    match (patterns.as_slice(), others.as_slice()) {
        ([pattern], []) if !item.variants.is_empty() => quote!(let (#pattern) = self; check.value(value);),
        ([pattern], _) => quote!(if let #pattern = self { check.value(value); }),
        (_, []) => quote!(match self { #(#patterns => value.check(check),)* }),
        _ => quote!(match self { #(#patterns => value.check(check),)* #(#others)|* => {} }),
    }
}
