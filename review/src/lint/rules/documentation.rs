//! Rules about what a reader is told.

use std::collections::BTreeSet;

use super::operation::OPERATION;
use super::{Level, Rule, View};
use crate::lint::view::{Role, chain};
use generator::diagnostic::{Diagnostic, Pointer};
use generator::parse::{SchemaAt, SchemaUse};

pub const MISSING_SUMMARY: Rule = Rule {
    code: "missing-summary",
    level: Level::Warn,
    is_fixed: false,
    summary: "an operation has no summary",
    explanation: "The summary is the first line of the method's documentation, and what a list of methods shows. Write \
        what a call does, in one line: `Lists the pets`.",
    wrong: "\
paths:
  /pets:
    get:
      operationId: listPets
      tags: [pets]
      responses:
        '200': {description: All of them}
        '429': {description: Too many requests}
",
    right: OPERATION,
    check: Some(missing_summary),
};

fn missing_summary(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for site in view.calls.iter().chain(&view.deliveries) {
        if is_blank(site.object.summary.as_deref()) {
            found.push(
                Diagnostic::warning(MISSING_SUMMARY.code, &site.pointer, "this operation has no summary")
                    .at_key()
                    .help("add `summary: …`, one line that says what it does"),
            );
        }
    }
}

fn is_blank(text: Option<&str>) -> bool {
    text.is_none_or(|text| text.trim().is_empty())
}

pub const MISSING_TAG: Rule = Rule {
    code: "missing-tag",
    level: Level::Warn,
    is_fixed: false,
    summary: "an operation has no tag",
    explanation: "Operations are grouped by their first tag. One without a tag ends up in a group called `untagged`.",
    wrong: "\
paths:
  /pets:
    get:
      operationId: listPets
      summary: Lists the pets
      responses:
        '200': {description: All of them}
        '429': {description: Too many requests}
",
    right: OPERATION,
    check: Some(missing_tag),
};

fn missing_tag(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    let declared: Vec<&str> = view.document.openapi.tags.iter().map(|tag| tag.name.as_str()).collect();
    let help = match declared.as_slice() {
        [] => "add `tags: […]`, and describe the tag under `tags` of the document".to_owned(),
        [one] => format!("add `tags: [{one}]`"),
        several => format!("add one of the document's tags, such as `tags: [{}]`", several[0]),
    };
    for call in view.calls.iter().filter(|call| call.object.tags.is_empty()) {
        found.push(
            Diagnostic::warning(MISSING_TAG.code, &call.pointer, "this operation has no tag")
                .at_key()
                .help(help.as_str()),
        );
    }
}

pub const UNDESCRIBED_TAG: Rule = Rule {
    code: "undescribed-tag",
    level: Level::Warn,
    is_fixed: false,
    summary: "nothing describes a tag that operations have",
    explanation: "The description of a tag under `tags` of the document becomes the documentation of its group. A tag \
        that is not listed there may also be a slip of the pen. Each such tag is reported once, where it is first used.",
    wrong: "\
tags: [{name: toys, description: What pets play with}]
paths:
  /pets:
    get:
      operationId: listPets
      summary: Lists the pets
      tags: [pets]
      responses:
        '200': {description: All of them}
        '429': {description: Too many requests}
",
    right: OPERATION,
    check: Some(undescribed_tag),
};

fn undescribed_tag(view: &View<'_>, found: &mut Vec<Diagnostic>) {
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
                found.push(Diagnostic::warning(UNDESCRIBED_TAG.code, &at, message).help(help));
                continue;
            };
            if is_blank(tags[place].description.as_deref()) {
                let tag = Pointer::root().key("tags").index(place);
                let message = format!("the tag `{name}` has no description");
                found.push(
                    Diagnostic::warning(UNDESCRIBED_TAG.code, &tag.key("name"), message)
                        .help("add `description: …` beside it"),
                );
            }
        }
    }
}

pub const UNDOCUMENTED_PARAMETER: Rule = Rule {
    code: "undocumented-parameter",
    level: Level::Warn,
    is_fixed: false,
    summary: "a parameter has no description",
    explanation: "The description becomes the documentation of the argument. Name units, formats and what a value means.",
    wrong: "\
components:
  parameters:
    Limit: {name: limit, in: query, schema: {type: integer, x-client-privacy: safe}}
paths:
  /pets:
    get:
      operationId: listPets
      summary: Lists the pets
      tags: [pets]
      parameters: [{$ref: '#/components/parameters/Limit'}]
      responses:
        '200': {description: All of them}
        '429': {description: Too many requests}
",
    right: "\
components:
  parameters:
    Limit: {name: limit, in: query, description: At most so many, schema: {type: integer, x-client-privacy: safe}}
paths:
  /pets:
    get:
      operationId: listPets
      summary: Lists the pets
      tags: [pets]
      parameters: [{$ref: '#/components/parameters/Limit'}]
      responses:
        '200': {description: All of them}
        '429': {description: Too many requests}
",
    check: Some(undocumented_parameter),
};

fn undocumented_parameter(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for parameter in &view.parameters {
        let data = parameter.object.parameter_data_ref();
        if is_blank(data.description.as_deref()) {
            let message = format!("the parameter `{}` has no description", data.name);
            found.push(
                Diagnostic::warning(UNDOCUMENTED_PARAMETER.code, &parameter.pointer.key("name"), message)
                    .help("add `description: …`"),
            );
        }
    }
}

pub const UNDOCUMENTED_PROPERTY: Rule = Rule {
    code: "undocumented-property",
    level: Level::Warn,
    is_fixed: false,
    summary: "a property has no description",
    explanation: "The description becomes the documentation of the field. Name units, formats, who assigns an id. A \
        property whose schema is a named one may have its description there.",
    wrong: "\
components:
  schemas:
    Pet:
      description: An animal
      type: object
      properties:
        weight: {type: integer, x-client-privacy: safe}
",
    right: "\
components:
  schemas:
    Pet:
      description: An animal
      type: object
      properties:
        weight: {type: integer, description: In grams, x-client-privacy: safe}
",
    check: Some(undocumented_property),
};

fn undocumented_property(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for schema in &view.schemas {
        let Role::Property(name) = schema.role else { continue };
        if is_undocumented(&schema.schema) {
            let help = match schema.schema.reference() {
                None => "add `description: …`",
                Some(_) => "describe the schema that it refers to",
            };
            let message = format!("the property `{name}` has no description");
            found.push(
                Diagnostic::warning(UNDOCUMENTED_PROPERTY.code, &schema.schema.pointer, message).at_key().help(help),
            );
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

pub const UNDOCUMENTED_SCHEMA: Rule = Rule {
    code: "undocumented-schema",
    level: Level::Warn,
    is_fixed: false,
    summary: "a named schema has no description",
    explanation: "The description becomes the documentation of the type: what it stands for, and where it comes from.",
    wrong: "\
components:
  schemas:
    Weight: {type: integer, x-client-privacy: safe}
",
    right: "\
components:
  schemas:
    Weight: {type: integer, description: In grams, x-client-privacy: safe}
",
    check: Some(undocumented_schema),
};

fn undocumented_schema(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for schema in &view.schemas {
        let Role::Component(name) = schema.role else { continue };
        if is_undocumented(&schema.schema) {
            let message = format!("the schema `{name}` has no description");
            found.push(
                Diagnostic::warning(UNDOCUMENTED_SCHEMA.code, &schema.schema.pointer, message)
                    .at_key()
                    .help("add `description: …`"),
            );
        }
    }
}
