//! What a document says about itself: `info` with contact and licence, tags, external documentation.

use openapiv3::{Contact, ExternalDocumentation, Info, License, Tag};

use super::node::Node;
use super::object::Object;
use super::reader::Reader;
use super::shape::Shape;
use super::trail::Trail;

/// OpenAPI 3.0.3, Info Object.
pub(super) const INFO: Shape = Shape::new(
    "the info object",
    &["title", "summary", "description", "termsOfService", "contact", "license", "version"],
);

/// OpenAPI 3.0.3, Contact Object.
pub(super) const CONTACT: Shape = Shape::new("a contact", &["name", "url", "email"]);

/// OpenAPI 3.0.3, License Object.
pub(super) const LICENSE: Shape = Shape::new("a license", &["name", "identifier", "url"]).harmless(&["identifier"]);

/// OpenAPI 3.0.3, Tag Object.
pub(super) const TAG: Shape = Shape::new("a tag", &["name", "description", "externalDocs"]);

/// OpenAPI 3.0.3, External Documentation Object.
pub(super) const EXTERNAL_DOCS: Shape = Shape::new("an external documentation", &["description", "url"]);

/// Reads the info object. What is missing is empty.
pub(super) fn info(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<Info> {
    let mut object = Object::open(reader, node, trail, &INFO)?;
    let summary = object.text("summary");
    Some(Info {
        title: object.required_text("title").unwrap_or_default(),
        // Only 3.1 has a summary: the first paragraph of the description here.
        description: match (summary, object.text("description")) {
            (Some(summary), Some(description)) => Some(format!("{summary}\n\n{description}")),
            (summary, description) => summary.or(description),
        },
        terms_of_service: object.text("termsOfService"),
        contact: object.one("contact", contact),
        license: object.one("license", license),
        version: object.required_text("version").unwrap_or_default(),
        extensions: object.finish(),
    })
}

fn contact(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<Contact> {
    let mut object = Object::open(reader, node, trail, &CONTACT)?;
    Some(Contact {
        name: object.text("name"),
        url: object.text("url"),
        email: object.text("email"),
        extensions: object.finish(),
    })
}

fn license(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<License> {
    let mut object = Object::open(reader, node, trail, &LICENSE)?;
    Some(License {
        name: object.required_text("name").unwrap_or_default(),
        url: object.text("url"),
        extensions: object.finish(),
    })
}

/// Reads a tag; one without a name is left out.
pub(super) fn tag(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<Tag> {
    let mut object = Object::open(reader, node, trail, &TAG)?;
    let name = object.required_text("name");
    let tag = Tag {
        name: name.clone().unwrap_or_default(),
        description: object.text("description"),
        external_docs: object.one("externalDocs", external_docs),
        extensions: object.finish(),
    };
    name.map(|_| tag)
}

/// Reads an external documentation; one without an address is left out.
pub(super) fn external_docs(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<ExternalDocumentation> {
    let mut object = Object::open(reader, node, trail, &EXTERNAL_DOCS)?;
    let url = object.required_text("url");
    let description = object.text("description");
    let extensions = object.finish();
    Some(ExternalDocumentation { description, url: url?, extensions })
}
