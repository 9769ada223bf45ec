//! Inheritance: schemas that build by `allOf` on one with a discriminator (OpenAPI 3.0.3, Discriminator
//! Object). Where the base is used, any of its heirs can come.

use std::collections::BTreeMap;

use openapiv3::Schema;

use super::any;
use crate::diagnostic::Pointer;
use crate::lower::context::{Context, SchemaRef};

/// Returns, for each component with a discriminator, the components that build on it, directly or
/// through others, in the document's order.
pub fn heirs(cx: &Context<'_>) -> BTreeMap<usize, Vec<usize>> {
    let mut children: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for index in 0..cx.component_count() {
        let (_, SchemaRef::Is(schema), _) = cx.component(index) else { continue };
        for member in &any(schema).all_of {
            if let SchemaRef::To(reference) = member.into()
                && let Some(base) = cx.component_index(reference)
            {
                children.entry(base).or_default().push(index);
            }
        }
    }
    let bases = children.keys().copied().filter(|base| is_base(cx, *base));
    bases.map(|base| (base, all_below(base, &children))).collect()
}

fn is_base(cx: &Context<'_>, index: usize) -> bool {
    let (_, SchemaRef::Is(schema), _) = cx.component(index) else { return false };
    schema.schema_data.discriminator.is_some()
}

/// Whether the schema stands for any of its heirs: it has a discriminator, heirs, and no alternatives
/// that it lists itself.
pub fn is_any_heir(cx: &Context<'_>, schema: &Schema, pointer: &Pointer) -> bool {
    let any = any(schema);
    schema.schema_data.discriminator.is_some()
        && any.one_of.is_empty()
        && any.any_of.is_empty()
        && !cx.heirs_of(pointer).is_empty()
}

fn all_below(base: usize, children: &BTreeMap<usize, Vec<usize>>) -> Vec<usize> {
    let mut found = std::collections::BTreeSet::new();
    let mut open = vec![base];
    while let Some(index) = open.pop() {
        for child in children.get(&index).into_iter().flatten() {
            if *child != base && found.insert(*child) {
                open.push(*child);
            }
        }
    }
    found.into_iter().collect()
}
