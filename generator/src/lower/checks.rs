//! What is checked before it is sent: rules that apply to their values, and types that have such rules or hold such types.
//!
//! A type is checked if a request can hold it and it has a rule, or holds a checked type. `{maxLength: 5}` on a field of
//! `Vec<i64>` says nothing about the field, and is dropped.

use super::aliases::Aliases;
use crate::model::{
    Api, BodyKind, Format, Inside, NewtypeInner, Operation, Rule, Rules, Scalar, Shape, Type, TypeDef, TypeId, visit,
};

/// Keeps the rules that apply, and finds what is checked. Needs to know which types travel in requests.
pub fn find(api: &mut Api) {
    let aliases = Aliases::of(api);
    for def in &mut api.types {
        let is_sent = def.usage.request;
        each_rules(def, &mut |ty, rules| if is_sent { keep(&aliases, ty, rules) } else { *rules = Rules::default() });
    }
    for op in api.groups.iter_mut().flat_map(|group| &mut group.operations) {
        each_rules_of(op, &mut |ty, rules| keep(&aliases, ty, rules));
    }
    let checked = checked_types(api);
    let is_checked = |ty: &Type| aliases.named(ty).is_some_and(|TypeId(index)| checked[index]);
    for (index, def) in api.types.iter_mut().enumerate() {
        def.checked = checked[index] && !matches!(def.shape, Shape::Alias(_));
        if def.checked {
            each_rules(def, &mut |ty, rules| look_inside(&aliases, ty, rules, &is_checked));
        }
        if let Shape::Union(union) = &mut def.shape {
            union.variants.iter_mut().for_each(|variant| variant.checked = is_checked(&variant.ty));
        }
    }
    for op in api.groups.iter_mut().flat_map(|group| &mut group.operations) {
        each_rules_of(op, &mut |ty, rules| look_inside(&aliases, ty, rules, &is_checked));
    }
}

/// Calls `visit` on the rules in a type, each with the type of the value that they are for.
fn each_rules(def: &mut TypeDef, visit: &mut impl FnMut(&Type, &mut Rules)) {
    match &mut def.shape {
        Shape::Struct(object) => {
            object.fields.iter_mut().for_each(|field| visit(&field.ty, &mut field.rules));
            object.additional.iter_mut().for_each(|rest| visit(&rest.ty, &mut rest.rules));
        }
        Shape::Newtype(newtype) => match &newtype.inner {
            NewtypeInner::Scalar(scalar) => visit(&Type::Scalar(*scalar), &mut newtype.rules),
            NewtypeInner::Other(ty) => visit(ty, &mut newtype.rules),
        },
        Shape::Union(_) | Shape::Enum(_) | Shape::Alias(_) => {}
    }
}

/// Does the same for an operation's parameters and body.
fn each_rules_of(op: &mut Operation, visit: &mut impl FnMut(&Type, &mut Rules)) {
    let optional = op.optional.iter_mut().flat_map(|params| &mut params.parameters);
    op.required.iter_mut().chain(optional).for_each(|parameter| visit(&parameter.ty, &mut parameter.rules));
    let mut of_body = |kind: &mut BodyKind| match kind {
        BodyKind::Json { ty, rules, .. } | BodyKind::Form { ty, rules, .. } => visit(ty, rules),
        BodyKind::Text { rules, .. } => visit(&Type::Scalar(Scalar::String), rules),
        BodyKind::Multipart { .. } | BodyKind::Bytes { .. } | BodyKind::Media { .. } | BodyKind::Several(_) => {}
    };
    match op.body.as_mut().map(|body| &mut body.kind) {
        Some(BodyKind::Several(several)) => several.variants.iter_mut().for_each(|item| of_body(&mut item.kind)),
        Some(kind) => of_body(kind),
        None => {}
    }
}

/// Drops the rules that don't apply to the type.
fn keep(aliases: &Aliases, ty: &Type, rules: &mut Rules) {
    let ty = aliases.not_null(ty);
    rules.own.retain(|rule| applies(rule, aliases.scalar(ty).as_ref().unwrap_or(ty)));
    rules.inside = match (ty, std::mem::take(&mut rules.inside)) {
        (Type::Array(item) | Type::Map(item), Inside::Each(mut of_item)) => {
            keep(aliases, item, &mut of_item);
            if of_item.is_empty() { Inside::Nothing } else { Inside::Each(of_item) }
        }
        _ => Inside::Nothing,
    };
}

fn applies(rule: &Rule, ty: &Type) -> bool {
    match rule {
        Rule::MinLength(_) | Rule::MaxLength(_) | Rule::Pattern(_) | Rule::Format(Format::Email | Format::Uri) => {
            *ty == Type::Scalar(Scalar::String)
        }
        Rule::MinItems(_) | Rule::MaxItems(_) => matches!(ty, Type::Array(_)),
        Rule::Minimum(_) | Rule::Maximum(_) => {
            matches!(
                ty,
                Type::Scalar(
                    Scalar::Int32
                        | Scalar::Int64
                        | Scalar::Uint32
                        | Scalar::Uint64
                        | Scalar::Float
                        | Scalar::Double
                        | Scalar::Decimal
                )
            )
        }
    }
}

/// For each type whether it is checked. An alias counts as checked if what it stands for is.
fn checked_types(api: &mut Api) -> Vec<bool> {
    let mut holders: Vec<Vec<usize>> = vec![Vec::new(); api.types.len()];
    let mut open = Vec::new();
    for (index, def) in api.types.iter_mut().enumerate() {
        if !def.usage.request {
            continue;
        }
        visit::shape(&def.shape, &mut |ty| {
            if let Some(TypeId(held)) = visit::named(ty) {
                holders[held].push(index);
            }
        });
        let mut has_rules = false;
        each_rules(def, &mut |_, rules| has_rules |= !rules.is_empty());
        if has_rules {
            open.push(index);
        }
    }
    let mut checked = vec![false; api.types.len()];
    while let Some(index) = open.pop() {
        if !std::mem::replace(&mut checked[index], true) {
            open.extend(&holders[index]);
        }
    }
    checked
}

/// Says where the value's own type, or the type of what it holds, is checked.
fn look_inside(aliases: &Aliases, ty: &Type, rules: &mut Rules, is_checked: &impl Fn(&Type) -> bool) {
    match (aliases.not_null(ty), &mut rules.inside) {
        (Type::Array(item) | Type::Map(item), Inside::Each(of_item)) => {
            look_inside(aliases, item, of_item, is_checked);
        }
        (_, inside) if is_checked(ty) => *inside = Inside::Type,
        _ => {}
    }
}
