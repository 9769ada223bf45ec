//! Two schemas, for one way that their values travel.

use indexmap::IndexMap;
use serde_json::Value;

use super::super::finding::{Class, Finding};
use super::view::{Property, Rest, Site, View};
use super::{Walk, Way};
use crate::model::Access;
use crate::parse::nearest;

impl<'a> Walk<'a> {
    /// Compares two schemas and what is inside of them. `subject` says what they are where no component names them.
    pub(super) fn schemas(&mut self, old: &Site<'a>, new: &Site<'a>, subject: &str, way: Way) {
        let views = View::of(&self.old.document, old).zip(View::of(&self.new.document, new));
        let Some((mut before, mut after)) = views else { return };
        let (own, own_after) = (before.take_own(&old.pointer), after.take_own(&new.pointer));
        self.marks(&own, &own_after, subject, way);
        self.values(&own, &own_after, subject, way);
        self.limits(&own, &own_after, subject, way);
        let subject = self.named(&before, &after, (old, new), subject, way);
        if !self.seen.insert((before.pointer.to_string(), after.pointer.to_string(), way)) {
            return;
        }
        self.marks(&before, &after, &subject, way);
        if !self.types(&before, &after, &subject, way) {
            return;
        }
        self.values(&before, &after, &subject, way);
        self.limits(&before, &after, &subject, way);
        self.properties(&before, &after, &subject, way);
        self.parts(&before, &after, &subject, way);
        self.members(&before, &after, &subject, way);
    }

    /// Returns what to call the two, and reports that another component is meant.
    fn named(
        &mut self,
        before: &View<'_>,
        after: &View<'_>,
        (old, new): (&Site<'_>, &Site<'_>),
        subject: &str,
        way: Way,
    ) -> String {
        let (Some(one), Some(other)) = (&before.name, &after.name) else { return subject.to_owned() };
        if one == other {
            return other.clone();
        }
        let is_in = |reading: &super::Reading<'_>, name: &str| {
            reading.document.openapi.components.as_ref().is_some_and(|all| all.schemas.contains_key(name))
        };
        if !is_in(self.new, one) && !is_in(self.old, other) {
            let message = format!("the schema `{one}` is called `{other}` now");
            let finding = Finding::new("schema-renamed", Class::Documentation, way.side(), other, message).detail(one);
            self.add(finding.old(&before.pointer).new_at(&after.pointer));
            return other.clone();
        }
        let message = format!("`{subject}` is of the schema `{other}` now, and was of `{one}`");
        let finding = Finding::new("schema-exchanged", Class::Breaking, way.side(), subject, message);
        self.add(finding.old(&old.pointer).new_at(&new.pointer));
        subject.to_owned()
    }

    /// Compares what stands beside the keywords of values.
    fn marks(&mut self, old: &View<'_>, new: &View<'_>, subject: &str, way: Way) {
        let (was, is) = (old.is_nullable(), new.is_nullable());
        if was != is {
            let (code, class, words) = if is {
                ("became-nullable", way.widened(), "may be null now")
            } else {
                ("became-not-nullable", way.narrowed(), "may no longer be null")
            };
            let finding = Finding::new(code, class, way.side(), subject, format!("`{subject}` {words}"));
            self.add(finding.old(&old.pointer).new_at(&new.pointer));
        }
        let defaults = [old, new].map(|view| view.data(|data| data.default.as_ref()));
        if defaults[0] != defaults[1] && way.is_sent() {
            let (class, words) = match defaults {
                [None, _] => (Class::Compatible, "has a default now"),
                [_, None] => (Class::Breaking, "has no default any more"),
                _ => (Class::Breaking, "has another default: who leaves it out says something else"),
            };
            let finding = Finding::new("default-changed", class, way.side(), subject, format!("`{subject}` {words}"));
            self.add(finding.old(&old.pointer).new_at(&new.pointer));
        }
        let deprecated = [old, new].map(|view| view.data(|data| data.deprecated.then_some(())).is_some());
        if deprecated[0] != deprecated[1] {
            let words = if deprecated[1] { "is deprecated now" } else { "is no longer deprecated" };
            let message = format!("`{subject}` {words}");
            let finding = Finding::new("deprecation-changed", Class::Compatible, way.side(), subject, message);
            self.add(finding.old(&old.pointer).new_at(&new.pointer));
        }
    }

    /// Compares type and format. Returns whether the rest can be compared.
    fn types(&mut self, old: &View<'_>, new: &View<'_>, subject: &str, way: Way) -> bool {
        let (was, is) = (old.ty(), new.ty());
        let places = |finding: Finding, key: &str| {
            let has = |any: &openapiv3::AnySchema| match key {
                "type" => any.typ.is_some(),
                _ => any.format.is_some(),
            };
            finding.old(&old.at(key, has)).new_at(&new.at(key, has))
        };
        let word = |ty: Option<&str>| ty.map_or_else(|| "anything".to_owned(), |ty| format!("`{ty}`"));
        if was != is {
            let class = match (was, is) {
                (Some(_), None) | (Some("integer"), Some("number")) => way.widened(),
                (None, Some(_)) | (Some("number"), Some("integer")) => way.narrowed(),
                _ => Class::Breaking,
            };
            let message = format!("the type of `{subject}` is {} now, and was {}", word(is), word(was));
            let finding = Finding::new("type-changed", class, way.side(), subject, message);
            self.add(places(finding.values(word(was), word(is)), "type"));
            return false;
        }
        let (was, is) = (old.format(), new.format());
        if was != is {
            let class = match (was, is) {
                (Some(_), None) => way.widened(),
                (None, Some(_)) => way.narrowed(),
                _ => Class::Breaking,
            };
            let word = |format: Option<&str>| format.map_or_else(|| "none".to_owned(), |format| format!("`{format}`"));
            let message = format!("the format of `{subject}` is {} now, and was {}", word(is), word(was));
            let finding = Finding::new("format-changed", class, way.side(), subject, message);
            self.add(places(finding.values(word(was), word(is)), "format"));
        }
        true
    }

    /// Compares the values of an enum.
    fn values(&mut self, old: &View<'_>, new: &View<'_>, subject: &str, way: Way) {
        let (Some((was, was_at)), Some((is, is_at))) = (old.values(), new.values()) else {
            let (code, class, words) = match (old.values(), new.values()) {
                (None, Some(_)) => ("enum-added", way.narrowed(), "lists its values now"),
                (Some(_), None) => ("enum-dropped", way.widened(), "may be any value now"),
                _ => return,
            };
            let finding = Finding::new(code, class, way.side(), subject, format!("`{subject}` {words}"));
            self.add(finding.old(&old.pointer).new_at(&new.pointer));
            return;
        };
        let missing = |values: &[Value], all: &[Value]| -> Vec<(usize, Value)> {
            let missing = values.iter().enumerate().filter(|(_, value)| !value.is_null() && !all.contains(value));
            missing.map(|(index, value)| (index, value.clone())).collect()
        };
        for (index, value) in missing(is, was) {
            let word = written(&value);
            let (class, words) = match (way.is_sent(), old.is_open()) {
                (true, _) => (Class::Compatible, "is new"),
                (false, true) => (Class::Compatible, "is new: older versions keep it as a value that they do not know"),
                (false, false) => (Class::Breaking, "is new, and the enum is closed: older versions cannot read it"),
            };
            let message = format!("the value `{word}` of `{subject}` {words}");
            let finding = Finding::new("enum-value-added", class, way.side(), subject, message);
            self.add(finding.detail(&word).old(&was_at).new_at(&is_at.index(index)));
        }
        for (index, value) in missing(was, is) {
            let word = written(&value);
            let message = format!("the value `{word}` of `{subject}` is gone");
            let finding = Finding::new("enum-value-removed", way.narrowed(), way.side(), subject, message);
            self.add(finding.detail(&word).old(&was_at.index(index)).new_at(&is_at));
        }
        self.openness(old, new, subject, way);
    }

    fn openness(&mut self, old: &View<'_>, new: &View<'_>, subject: &str, way: Way) {
        let (was, is) = (old.is_open(), new.is_open());
        if was == is {
            return;
        }
        let (code, class, words) = if is {
            ("enum-opened", Class::Compatible, "is open now: values that nobody listed may come")
        } else {
            ("enum-closed", way.widened(), "is closed now: a value that nobody listed is an error")
        };
        let finding = Finding::new(code, class, way.side(), subject, format!("`{subject}` {words}"));
        self.add(finding.old(&old.pointer).new_at(&new.pointer));
    }

    /// Compares the properties that travel this way.
    fn properties(&mut self, old: &View<'a>, new: &View<'a>, subject: &str, way: Way) {
        let was = travelling(self.old, old.properties(), way);
        let is = travelling(self.new, new.properties(), way);
        for (name, property) in &was {
            let subject = format!("{subject}.{name}");
            let Some(after) = is.get(name) else {
                let added = is.keys().filter(|name| !was.contains_key(*name)).copied();
                let near = nearest(name, added).map(|near| format!("; is it `{near}` now?")).unwrap_or_default();
                let message = format!("the property `{subject}` is gone{near}");
                let finding = Finding::new("property-removed", Class::Breaking, way.side(), &subject, message);
                self.add(finding.old(&property.site.pointer).new_at(&new.pointer));
                continue;
            };
            self.presence(property, after, &subject, way);
            self.schemas(&property.site, &after.site, &subject, way);
        }
        for (name, property) in is.iter().filter(|(name, _)| !was.contains_key(*name)) {
            let subject = format!("{subject}.{name}");
            let (code, class, word) = match (property.required.is_some(), way.is_sent()) {
                (true, true) => ("required-property-added", Class::Breaking, "is new and required"),
                (_, true) => ("property-added", Class::Compatible, "is new and optional"),
                (_, false) => ("property-added", Class::Compatible, "is new: older versions pass over it"),
            };
            let message = format!("the property `{subject}` {word}");
            let finding = Finding::new(code, class, way.side(), &subject, message);
            self.add(finding.old(&old.pointer).new_at(&property.site.pointer));
        }
    }

    fn presence(&mut self, old: &Property<'_>, new: &Property<'_>, subject: &str, way: Way) {
        let (code, class, words) = match (&old.required, &new.required) {
            (None, Some(_)) => ("property-became-required", way.narrowed(), "is required now"),
            (Some(_), None) => ("property-became-optional", way.widened(), "may be absent now"),
            _ => return,
        };
        let finding = Finding::new(code, class, way.side(), subject, format!("the property `{subject}` {words}"));
        // What changed is the list of what is required.
        let place =
            |property: &Property<'_>| property.required.clone().unwrap_or_else(|| property.site.pointer.clone());
        self.add(finding.old(&place(old)).new_at(&place(new)));
    }

    /// Compares items and further properties.
    fn parts(&mut self, old: &View<'a>, new: &View<'a>, subject: &str, way: Way) {
        if let (Some(old), Some(new)) = (old.items(), new.items()) {
            self.schemas(&old, &new, &format!("{subject}[]"), way);
        }
        let subject = format!("{subject}{{}}");
        let (class, words) = match (old.rest(), new.rest()) {
            (Rest::Typed(old), Rest::Typed(new)) => return self.schemas(&old, &new, &subject, way),
            (Rest::Any, Rest::Any) | (Rest::Nothing, Rest::Nothing) => return,
            (Rest::Nothing, _) => (Class::Compatible, "further properties are allowed now"),
            (_, Rest::Nothing) => (way.narrowed(), "further properties are no longer allowed"),
            (Rest::Any, Rest::Typed(_)) => (way.narrowed(), "further properties are of one type now"),
            (Rest::Typed(_), Rest::Any) => (way.widened(), "further properties may be anything now"),
        };
        let finding = Finding::new("further-properties", class, way.side(), &subject, format!("`{subject}`: {words}"));
        self.add(finding.old(&old.pointer).new_at(&new.pointer));
    }

    /// Compares alternatives: by the components that they name, and else by their places.
    fn members(&mut self, old: &View<'a>, new: &View<'a>, subject: &str, way: Way) {
        let was = labelled(self.old, old.members());
        let is = labelled(self.new, new.members());
        for (label, site) in &was {
            let subject = format!("{subject}|{label}");
            if let Some(other) = is.get(label) {
                self.schemas(site, other, &subject, way);
                continue;
            }
            let message = format!("the alternative `{subject}` is gone");
            let finding = Finding::new("alternative-removed", way.narrowed(), way.side(), &subject, message);
            self.add(finding.old(&site.pointer).new_at(&new.pointer));
        }
        for (label, site) in is.iter().filter(|(label, _)| !was.contains_key(*label)) {
            let class = if new.is_open() && old.is_open() { Class::Compatible } else { way.widened() };
            let subject = format!("{subject}|{label}");
            let message = format!("the alternative `{subject}` is new");
            let finding = Finding::new("alternative-added", class, way.side(), &subject, message);
            self.add(finding.old(&old.pointer).new_at(&site.pointer));
        }
        if !was.is_empty() && !is.is_empty() {
            self.openness(old, new, subject, way);
        }
        let [was, is] = [old, new].map(|view| view.discriminator().map(|it| (&it.property_name, &it.mapping)));
        if was != is {
            let is_more = was.zip(is).is_some_and(|((one, was), (other, is))| {
                one == other && was.iter().all(|(name, target)| is.get(name) == Some(target))
            });
            let class = if is_more { Class::Compatible } else { Class::Breaking };
            let message = format!("the alternatives of `{subject}` are told apart in another way");
            let finding = Finding::new("discriminator-changed", class, way.side(), subject, message);
            self.add(finding.old(&old.pointer).new_at(&new.pointer));
        }
    }
}

/// The properties without those that go the other way alone (`readOnly`, `writeOnly`).
fn travelling<'a>(
    reading: &'a super::Reading<'a>,
    properties: IndexMap<&'a str, Property<'a>>,
    way: Way,
) -> IndexMap<&'a str, Property<'a>> {
    let other = if way.is_sent() { Access::ReadOnly } else { Access::WriteOnly };
    let access = |property: &Property<'a>| {
        let view = View::of(&reading.document, &property.site)?;
        let read = view.data(|data| data.read_only.then_some(Access::ReadOnly));
        read.or_else(|| view.data(|data| data.write_only.then_some(Access::WriteOnly)))
    };
    properties.into_iter().filter(|(_, property)| access(property) != Some(other)).collect()
}

/// Alternatives by the components that they name, or by their numbers.
fn labelled<'a>(reading: &'a super::Reading<'a>, members: Vec<Site<'a>>) -> IndexMap<String, Site<'a>> {
    let mut labelled = IndexMap::new();
    for (index, site) in members.into_iter().enumerate() {
        let name = View::of(&reading.document, &site).and_then(|view| view.name);
        labelled.entry(name.unwrap_or_else(|| (index + 1).to_string())).or_insert(site);
    }
    labelled
}

/// A value of an enum as the document writes it.
fn written(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
