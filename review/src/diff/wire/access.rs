//! Properties that travel one way alone: `readOnly` and `writeOnly`.

use indexmap::IndexMap;

use super::super::finding::{Class, Finding};
use super::merged::{MergedSchema, Property};
use super::{Walk, Way};
use generator::model::Access;

impl<'a> Walk<'a> {
    /// Reports that an existing property is now sent in this direction, or no longer sent.
    pub(super) fn access(&mut self, [old, new]: [&Property<'a>; 2], subject: &str, way: Way, travels: bool) {
        let (key, words) = if way.is_sent() { ("readOnly", "read-only") } else { ("writeOnly", "write-only") };
        let (code, class, words) = match (travels, way.is_sent()) {
            (false, true) => ("property-became-read-only", Class::Breaking, format!("is {words} now")),
            (false, false) => ("property-became-write-only", Class::Breaking, format!("is {words} now")),
            (true, true) if new.required.is_some() => {
                ("property-became-writable", Class::Breaking, format!("is required now, and no longer {words}"))
            }
            (true, true) => ("property-became-writable", Class::Compatible, format!("is no longer {words}")),
            (true, false) => ("property-became-readable", Class::Compatible, format!("is no longer {words}")),
        };
        let at = |property: &Property<'a>| {
            let has = |data: &openapiv3::SchemaData| if way.is_sent() { data.read_only } else { data.write_only };
            let view = MergedSchema::of(&property.uses);
            let is_said = view.as_ref().is_some_and(|view| view.data(|data| has(data).then_some(())).is_some());
            view.filter(|_| is_said).map_or_else(|| property.pointer().clone(), |view| view.at_data(key, has))
        };
        let finding = Finding::new(code, class, way.side(), subject, format!("the property `{subject}` {words}"));
        self.add(finding.old(&at(old)).new_at(&at(new)));
    }
}

/// The properties without those that go the other way alone (`readOnly`, `writeOnly`).
pub(super) fn travelling<'a>(properties: IndexMap<&'a str, Property<'a>>, way: Way) -> IndexMap<&'a str, Property<'a>> {
    let other = if way.is_sent() { Access::ReadOnly } else { Access::WriteOnly };
    let access = |property: &Property<'a>| {
        let view = MergedSchema::of(&property.uses)?;
        let read = view.data(|data| data.read_only.then_some(Access::ReadOnly));
        read.or_else(|| view.data(|data| data.write_only.then_some(Access::WriteOnly)))
    };
    properties.into_iter().filter(|(_, property)| access(property) != Some(other)).collect()
}
