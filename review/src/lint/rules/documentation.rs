//! Rules about what a reader is told.

use std::collections::BTreeSet;

use super::View;
use crate::lint::codes;
use crate::lint::view::{Role, chain};
use generator::diagnostic::{Diagnostic, Pointer};
use generator::parse::{SchemaAt, SchemaUse};

pub fn missing_summary(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for site in view.calls.iter().chain(&view.deliveries) {
        if is_blank(site.object.summary.as_deref()) {
            found.push(
                codes::MISSING_SUMMARY
                    .at(&site.pointer, "this operation has no summary")
                    .at_key()
                    .help("add `summary: …`, one line that says what it does"),
            );
        }
    }
}

fn is_blank(text: Option<&str>) -> bool {
    text.is_none_or(|text| text.trim().is_empty())
}

pub fn missing_tag(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    let declared: Vec<&str> = view.document.openapi.tags.iter().map(|tag| tag.name.as_str()).collect();
    let help = match declared.as_slice() {
        [] => "add `tags: […]`, and describe the tag under `tags` of the document".to_owned(),
        [one] => format!("add `tags: [{one}]`"),
        several => format!("add one of the document's tags, such as `tags: [{}]`", several[0]),
    };
    for call in view.calls.iter().filter(|call| call.object.tags.is_empty()) {
        found.push(codes::MISSING_TAG.at(&call.pointer, "this operation has no tag").at_key().help(help.as_str()));
    }
}

pub fn undescribed_tag(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    let tags = &view.document.openapi.tags;
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for call in &view.calls {
        for (index, name) in call.object.tags.iter().enumerate() {
            if !seen.insert(name) {
                continue;
            }
            let at = call.pointer.key("tags").index(index);
            let Some(place) = tags.iter().position(|tag| tag.name == *name) else {
                let near = generator::parse::nearest(name, tags.iter().map(|tag| tag.name.as_str()));
                let help = near.map_or_else(
                    || format!("add `- {{name: {name}, description: …}}` under `tags` of the document"),
                    |near| format!("did you mean `{near}`?"),
                );
                let message = format!("the document does not list the tag `{name}`");
                found.push(codes::UNDESCRIBED_TAG.at(&at, message).help(help));
                continue;
            };
            if is_blank(tags[place].description.as_deref()) {
                let tag = Pointer::root().key("tags").index(place);
                let message = format!("the tag `{name}` has no description");
                found.push(codes::UNDESCRIBED_TAG.at(&tag.key("name"), message).help("add `description: …` beside it"));
            }
        }
    }
}

pub fn undocumented_parameter(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for parameter in &view.parameters {
        let data = parameter.object.parameter_data_ref();
        if is_blank(data.description.as_deref()) {
            let message = format!("the parameter `{}` has no description", data.name);
            found.push(
                codes::UNDOCUMENTED_PARAMETER.at(&parameter.pointer.key("name"), message).help("add `description: …`"),
            );
        }
    }
}

pub fn undocumented_property(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for schema in &view.schemas {
        let Role::Property(name) = schema.role else { continue };
        if is_undocumented(&schema.schema) {
            let help = match schema.schema.reference() {
                None => "add `description: …`",
                Some(_) => "describe the schema that it refers to",
            };
            let message = format!("the property `{name}` has no description");
            found.push(codes::UNDOCUMENTED_PROPERTY.at(&schema.schema.pointer, message).at_key().help(help));
        }
    }
}

/// Whether neither a schema nor what it refers to says what it is. A reference that leads nowhere is reported as such.
fn is_undocumented(schema: &SchemaUse<'_>) -> bool {
    let chain = chain(schema);
    let data = chain.iter().map(SchemaAt::data);
    !chain.is_empty()
        && data.clone().all(|data| is_blank(data.description.as_deref()) && is_blank(data.title.as_deref()))
}

pub fn undocumented_schema(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for schema in &view.schemas {
        let Role::Component(name) = schema.role else { continue };
        if is_undocumented(&schema.schema) {
            let message = format!("the schema `{name}` has no description");
            found.push(
                codes::UNDOCUMENTED_SCHEMA.at(&schema.schema.pointer, message).at_key().help("add `description: …`"),
            );
        }
    }
}
