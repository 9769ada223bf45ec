//! How a type that is sent is checked by the document's rules.
//!
//! ```text
//! const ZIP_PATTERN: pattern::Pattern = …;
//!
//! impl Check for Address {
//!     fn check(&self, check: &mut Checker) {
//!         check.field("city").min_length(&self.city, 2);
//!         check.field("zip").pattern(&self.zip, &ZIP_PATTERN);
//!     }
//! }
//! ```
//!
//! Only types that a body holds are checked, and of these the ones that have a rule or hold one
//! that has.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::super::attributes;
use super::super::context::{Context, ident, ident_of};
use crate::model::{
    BodyKind, Bound, Field, Format, Newtype, NewtypeInner, Openness, Pattern, Presence, Rule, Rules, Scalar, Shape,
    Struct, Type, TypeDef, Union,
};

/// The patterns of a file, by the names of their constants.
type Patterns = BTreeMap<Ident, TokenStream>;

/// Returns the type's `Check`, where it has one.
pub(super) fn items(cx: &Context<'_>, def: &TypeDef) -> Option<TokenStream> {
    if !cx.is_checked(def) {
        return None;
    }
    let mut patterns = Patterns::new();
    let (lines, attributes) = match &def.shape {
        Shape::Struct(item) => structure(cx, item, &mut patterns),
        Shape::Newtype(item) => (newtype(cx, item, &mut patterns), None),
        Shape::Union(item) => (union(cx, item), None),
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

/// Whether a type has a rule of its own, or holds a value of a type that is checked.
pub(in super::super) fn has_rule(cx: &Context<'_>, def: &TypeDef) -> bool {
    match &def.shape {
        Shape::Struct(item) => {
            item.fields.iter().any(|field| is_checked(cx, field))
                || item.additional.as_ref().is_some_and(|item| is_looked_at(cx, &item.ty, &item.rules))
        }
        Shape::Newtype(item) => {
            let ty = inner(item);
            item.rules.own.iter().any(|rule| method(rule, &ty).is_some()) || cx.holds_checked(&ty)
        }
        Shape::Union(item) => item.variants.iter().any(|variant| cx.holds_checked(&variant.ty)),
        Shape::Enum(_) | Shape::Alias(_) => false,
    }
}

/// Returns the functions that the checks call, each with the sort of value that it is called for.
pub(in super::super) fn methods(cx: &Context<'_>) -> BTreeSet<(&'static str, Option<Scalar>)> {
    let mut methods = BTreeSet::new();
    for def in cx.api.types.iter().filter(|def| cx.is_checked(def)) {
        match &def.shape {
            Shape::Struct(item) => {
                item.fields.iter().for_each(|field| add_methods(cx, &field.rules, &field.ty, &mut methods));
                if let Some(item) = item.additional.as_ref().filter(|item| has_rules(cx, &item.ty, &item.rules)) {
                    methods.insert(("values", None));
                    add_methods(cx, &item.rules, &item.ty, &mut methods);
                }
            }
            Shape::Newtype(item) => add_methods(cx, &item.rules, &inner(item), &mut methods),
            Shape::Enum(_) | Shape::Union(_) | Shape::Alias(_) => {}
        }
    }
    for op in cx.api.groups.iter().flat_map(|group| &group.operations) {
        let params = op.required.iter().chain(op.optional.iter().flat_map(|params| &params.parameters));
        params.for_each(|param| add_methods(cx, &param.rules, &param.ty, &mut methods));
        for (ty, rules) in op.body.iter().flat_map(|body| body.kind.each()).filter_map(of_body) {
            add_methods(cx, rules, &ty, &mut methods);
        }
    }
    methods
}

fn add_methods(cx: &Context<'_>, rules: &Rules, ty: &Type, methods: &mut BTreeSet<(&'static str, Option<Scalar>)>) {
    let ty = plain(cx, ty);
    let scalar = if let Type::Scalar(scalar) = ty { Some(*scalar) } else { None };
    methods.extend(rules.own.iter().filter_map(|rule| Some((method(rule, ty)?, scalar))));
    if let (Type::Array(item) | Type::Map(item), Some(rules)) = (ty, &rules.items)
        && has_rules(cx, item, rules)
    {
        methods.extend(matches!(ty, Type::Map(_)).then_some(("values", None)));
        add_methods(cx, rules, item, methods);
    }
}

/// The value that a body is, and the rules that stand where it is used; none where it can have none.
pub(in super::super) fn of_body(kind: &BodyKind) -> Option<(Type, &Rules)> {
    match kind {
        BodyKind::Json { ty, rules, .. } | BodyKind::Form { ty, rules, .. } => Some((ty.clone(), rules)),
        BodyKind::Text { rules, .. } => Some((Type::Scalar(Scalar::String), rules)),
        BodyKind::Multipart { .. } | BodyKind::Bytes { .. } | BodyKind::Media { .. } | BodyKind::Several(_) => None,
    }
}

/// Whether a field's value is looked at.
pub(in super::super) fn is_checked(cx: &Context<'_>, field: &Field) -> bool {
    is_looked_at(cx, &field.ty, &field.rules)
}

/// Whether a value is looked at: by rules that stand where it is used, or by its type's.
pub(in super::super) fn is_looked_at(cx: &Context<'_>, ty: &Type, rules: &Rules) -> bool {
    has_rules(cx, ty, rules) || cx.holds_checked(ty)
}

/// Whether rules that stand where a value is used say something of it, or of what it holds.
pub(in super::super) fn has_rules(cx: &Context<'_>, ty: &Type, rules: &Rules) -> bool {
    let ty = plain(cx, ty);
    rules.own.iter().any(|rule| method(rule, ty).is_some()) || of_items(cx, ty, rules).is_some()
}

/// What an array or a map holds and the rules for each, where they say something of it.
fn of_items<'t>(cx: &Context<'_>, ty: &'t Type, rules: &'t Rules) -> Option<(&'t Type, &'t Rules)> {
    let (Type::Array(item) | Type::Map(item), Some(rules)) = (ty, &rules.items) else { return None };
    has_rules(cx, item, rules).then_some((item, rules))
}

/// Returns a function of a checker and of what is called `value`, which looks at it.
pub(in super::super) fn closure(cx: &Context<'_>, ty: &Type, rules: &Rules, value: &Ident) -> TokenStream {
    if !has_rules(cx, ty, rules) {
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

fn inner(item: &Newtype) -> Type {
    match &item.inner {
        NewtypeInner::Scalar(scalar) => Type::Scalar(*scalar),
        NewtypeInner::Other(ty) => ty.clone(),
    }
}

/// The type without an alias's name and without null.
fn plain<'t>(cx: &'t Context<'_>, ty: &'t Type) -> &'t Type {
    match cx.resolved(ty) {
        Type::Nullable(item) => cx.resolved(item),
        ty => ty,
    }
}

fn structure(cx: &Context<'_>, item: &Struct, patterns: &mut Patterns) -> (TokenStream, Option<TokenStream>) {
    let checked: Vec<&Field> = item.fields.iter().filter(|field| is_checked(cx, field)).collect();
    let lines = checked.iter().map(|item| field(cx, item, patterns)).collect::<TokenStream>();
    let additional = item.additional.as_ref().filter(|item| is_looked_at(cx, &item.ty, &item.rules)).map(|item| {
        let rust = ident(&item.rust);
        let rules = Rules { own: Vec::new(), items: Some(Box::new(item.rules.clone())) };
        let calls = calls(cx, &Type::Map(Box::new(item.ty.clone())), &rules, &quote!(&self.#rust), "VALUE", patterns);
        quote!(check #calls;)
    });
    let touches = attributes::touches_deprecated(checked.iter().any(|field| field.deprecated));
    // An optional one takes five lines.
    let long = attributes::long(checked.len() * 5);
    (quote!(#lines #additional), Some(quote!(#touches #long)))
}

fn field(cx: &Context<'_>, field: &Field, patterns: &mut Patterns) -> TokenStream {
    let wire = &field.wire;
    let rust = ident(&field.rust);
    let label = field.rust.as_str().trim_matches('_').to_uppercase();
    let mut calls = |place: &TokenStream| calls(cx, &field.ty, &field.rules, place, &label, patterns);
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

fn newtype(cx: &Context<'_>, item: &Newtype, patterns: &mut Patterns) -> TokenStream {
    let calls = calls(cx, &inner(item), &item.rules, &quote!(&self.0), "", patterns);
    quote!(check #calls;)
}

/// The calls for a value, one after the other.
fn calls(
    cx: &Context<'_>,
    ty: &Type,
    rules: &Rules,
    place: &TokenStream,
    label: &str,
    patterns: &mut Patterns,
) -> TokenStream {
    let ty = cx.resolved(ty);
    let own = own(&rules.own, ty, place, label, patterns);
    let Some((item, rules)) = of_items(cx, ty, rules) else {
        let value = cx.holds_checked(ty).then(|| quote!(.value(#place)));
        return quote!(#own #value);
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

/// The calls for rules of a value itself.
fn own(rules: &[Rule], ty: &Type, place: &TokenStream, label: &str, patterns: &mut Patterns) -> TokenStream {
    let calls = rules.iter().filter_map(|rule| {
        let method = ident_of(method(rule, ty)?);
        Some(match rule {
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
        })
    });
    calls.collect()
}

/// The runtime's function for a rule; none where the rule says nothing of the type.
fn method(rule: &Rule, ty: &Type) -> Option<&'static str> {
    let ranged = |bound: &Bound, inclusive, exclusive| if bound.exclusive { exclusive } else { inclusive };
    match (rule, ty) {
        (Rule::MinLength(_), Type::Scalar(Scalar::String)) => Some("min_length"),
        (Rule::MaxLength(_), Type::Scalar(Scalar::String)) => Some("max_length"),
        (Rule::Pattern(_), Type::Scalar(Scalar::String)) => Some("pattern"),
        (Rule::Format(Format::Email), Type::Scalar(Scalar::String)) => Some("email"),
        (Rule::Format(Format::Uri), Type::Scalar(Scalar::String)) => Some("uri"),
        (Rule::MinItems(_), Type::Array(_)) => Some("min_items"),
        (Rule::MaxItems(_), Type::Array(_)) => Some("max_items"),
        (
            Rule::Minimum(bound),
            Type::Scalar(Scalar::Int32 | Scalar::Int64 | Scalar::Float | Scalar::Double | Scalar::Decimal),
        ) => Some(ranged(bound, "at_least", "more_than")),
        (
            Rule::Maximum(bound),
            Type::Scalar(Scalar::Int32 | Scalar::Int64 | Scalar::Float | Scalar::Double | Scalar::Decimal),
        ) => Some(ranged(bound, "at_most", "less_than")),
        _ => None,
    }
}

/// A number, its digits in groups of three where they are many.
fn number(text: &str) -> TokenStream {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(text.len());
    let (whole, rest) = text.split_at(digits);
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |whole| ("-", whole));
    let grouped: String = whole
        .chars()
        .enumerate()
        .flat_map(|(index, c)| {
            let is_start = index > 0 && (whole.len() - index).is_multiple_of(3) && whole.len() > 5;
            is_start.then_some('_').into_iter().chain([c])
        })
        .collect();
    format!("{sign}{grouped}{rest}").parse().expect("a number is a token")
}

/// The name of a field's next pattern, unique in the file.
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
        const #name: pattern::Pattern =
            pattern::Pattern { text: #text, parts: &[#(#parts),*], is_whole: #is_whole };
    }
}

/// Looks into the variant that is there.
fn union(cx: &Context<'_>, item: &Union) -> TokenStream {
    // Variants of one type have one arm.
    let mut arms: Vec<(&Type, bool, Vec<Ident>)> = Vec::new();
    let mut others: Vec<TokenStream> = Vec::new();
    for variant in &item.variants {
        let rust = ident(&variant.rust);
        let own = cx.resolved(&variant.ty);
        if !cx.holds_checked(own) {
            others.push(quote!(Self::#rust(_)));
            continue;
        }
        match arms.iter_mut().find(|(ty, boxed, _)| (*ty, *boxed) == (own, variant.boxed)) {
            Some((_, _, variants)) => variants.push(rust),
            None => arms.push((own, variant.boxed, vec![rust])),
        }
    }
    if item.openness == Openness::Open {
        others.push(quote!(Self::Unrecognized(_)));
    }
    let patterns: Vec<TokenStream> = arms.iter().map(|(_, _, variants)| quote!(#(Self::#variants(value))|*)).collect();
    match (patterns.as_slice(), others.as_slice()) {
        ([pattern], []) if !item.variants.is_empty() => quote!(let (#pattern) = self; check.value(value);),
        ([pattern], _) => quote!(if let #pattern = self { check.value(value); }),
        (_, []) => quote!(match self { #(#patterns => value.check(check),)* }),
        _ => quote!(match self { #(#patterns => value.check(check),)* #(#others)|* => {} }),
    }
}
