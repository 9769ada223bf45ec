//! Two schemas, for one way that their values travel.

use indexmap::IndexMap;
use serde_json::Value;

use super::super::finding::{Class, Finding};
use super::access::travelling;
use super::merged::{MergedSchema, Property, Rest};
use super::{Walk, Way};
use crate::reading::Reading;
use generator::diagnostic::Pointer;
use generator::parse::{SchemaUse, nearest};

/// How far two values can be compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Comparable {
    /// They have nothing in common.
    Nothing,
    /// One of them has a wider type: whatever both have can be compared.
    Common,
    /// They have the same type.
    All,
}

impl<'a> Walk<'a> {
    /// Compares two schemas and what is inside of them. `subject` says what they are where no component names them.
    pub(super) fn schema(&mut self, old: &SchemaUse<'a>, new: &SchemaUse<'a>, subject: &str, way: Way) {
        self.schemas(std::slice::from_ref(old), std::slice::from_ref(new), subject, way);
    }

    /// The same for two values, each with all the schemas that hold for it.
    pub(super) fn schemas(&mut self, old: &[SchemaUse<'a>], new: &[SchemaUse<'a>], subject: &str, way: Way) {
        let views = MergedSchema::of(old).zip(MergedSchema::of(new));
        let Some((before, after)) = views else { return };
        let places = [&old[0].pointer, &new[0].pointer];
        let (before, after) = self.own(before, after, places, subject, way);
        let subject = self.named(&before, &after, places, subject, way);
        if self.seen.insert((before.key.clone(), after.key.clone(), way)) {
            self.compared(&before, &after, &subject, way);
        }
    }

    /// Compares what two places say beside the components that they name, and takes it off: the rest is theirs.
    fn own(
        &mut self,
        mut before: MergedSchema<'a>,
        mut after: MergedSchema<'a>,
        [old, new]: [&Pointer; 2],
        subject: &str,
        way: Way,
    ) -> (MergedSchema<'a>, MergedSchema<'a>) {
        if !before.has_own() && !after.has_own() {
            return (before, after);
        }
        let whole = [before.clone().at_place(old), after.clone().at_place(new)];
        if before.name.is_none() || after.name.is_none() {
            return whole.into();
        }
        let own = [before.take_own(), after.take_own()];
        let (whole, own) = (whole.each_ref(), own.each_ref());
        self.marks(whole, Some(own), subject, way);
        if own[0].values() != own[1].values() {
            self.values(whole[0], whole[1], subject, way);
        }
        self.limits(whole, Some(own), subject, way);
        self.keywords(own[0], own[1], subject, way);
        (before, after)
    }

    /// Compares two values, whatever they are called.
    pub(super) fn compared(&mut self, old: &MergedSchema<'a>, new: &MergedSchema<'a>, subject: &str, way: Way) {
        for view in [old, new] {
            self.looked_at
                .extend(view.layers().iter().map(|layer| &layer.schema.pointer).chain(&view.through).cloned());
        }
        self.marks([old, new], None, subject, way);
        self.keywords(old, new, subject, way);
        if self.choice(old, new, subject, way) {
            return;
        }
        let comparable = self.types(old, new, subject, way);
        if comparable == Comparable::Nothing {
            return;
        }
        self.values(old, new, subject, way);
        self.limits([old, new], None, subject, way);
        let all = comparable == Comparable::All;
        if all || !old.properties().is_empty() && !new.properties().is_empty() {
            self.properties(old, new, subject, way);
            self.rest(old, new, subject, way);
        }
        if all || !old.items().is_empty() && !new.items().is_empty() {
            self.items(old, new, subject, way);
        }
        self.members(old, new, subject, way);
    }

    /// Returns what to call the two, and reports that another component is meant.
    fn named(
        &mut self,
        before: &MergedSchema<'_>,
        after: &MergedSchema<'_>,
        [old, new]: [&Pointer; 2],
        subject: &str,
        way: Way,
    ) -> String {
        let (Some(one), Some(other)) = (&before.name, &after.name) else { return subject.to_owned() };
        if one == other {
            return other.clone();
        }
        let is_in = |reading: &Reading<'_>, name: &str| {
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
        self.add(finding.old(old).new_at(new));
        subject.to_owned()
    }

    /// Compares the annotations. Skips what `own` reports as the same on both sides.
    fn marks(
        &mut self,
        [old, new]: [&MergedSchema<'_>; 2],
        own: Option<[&MergedSchema<'_>; 2]>,
        subject: &str,
        way: Way,
    ) {
        fn differ<'v, T: PartialEq>(views: [&MergedSchema<'v>; 2], read: impl Fn(&MergedSchema<'v>) -> T) -> bool {
            read(views[0]) != read(views[1])
        }
        let (was, is) = (old.is_nullable(), new.is_nullable());
        if was != is && own.is_none_or(|own| differ(own, MergedSchema::is_nullable)) {
            let (code, class, words) = if is {
                ("became-nullable", way.widened(), "may be null now")
            } else {
                ("became-not-nullable", way.narrowed(), "may no longer be null")
            };
            let finding = Finding::new(code, class, way.side(), subject, format!("`{subject}` {words}"));
            self.add(finding.old(&old.pointer).new_at(&new.pointer));
        }
        let default = |view: &MergedSchema<'_>| view.data(|data| data.default.clone());
        let defaults = [old, new].map(default);
        if defaults[0] != defaults[1] && way.is_sent() && own.is_none_or(|own| differ(own, default)) {
            let (class, words) = match defaults {
                [None, _] => (Class::Compatible, "has a default now"),
                [_, None] => (Class::Breaking, "has no default any more"),
                _ => (Class::Breaking, "has another default: who leaves it out says something else"),
            };
            let finding = Finding::new("default-changed", class, way.side(), subject, format!("`{subject}` {words}"));
            self.add(finding.old(&old.pointer).new_at(&new.pointer));
        }
        let deprecated = |view: &MergedSchema<'_>| view.data(|data| data.deprecated.then_some(())).is_some();
        let (was, is) = (deprecated(old), deprecated(new));
        if was != is && own.is_none_or(|own| differ(own, deprecated)) {
            let words = if is { "is deprecated now" } else { "is no longer deprecated" };
            let message = format!("`{subject}` {words}");
            let finding = Finding::new("deprecation-changed", Class::Compatible, way.side(), subject, message);
            self.add(finding.old(&old.pointer).new_at(&new.pointer));
        }
    }

    /// Compares type and format. Returns what else can be compared.
    fn types(&mut self, old: &MergedSchema<'_>, new: &MergedSchema<'_>, subject: &str, way: Way) -> Comparable {
        let (was, is) = (old.ty(), new.ty());
        let places = |finding: Finding, key: &str| {
            let has = |any: &openapiv3::AnySchema| match key {
                "type" => any.typ.is_some(),
                _ => any.format.is_some(),
            };
            finding.old(&old.at(key, has)).new_at(&new.at(key, has))
        };
        let word = |ty: Option<&str>| ty.map_or_else(|| "anything".to_owned(), |ty| format!("`{ty}`"));
        let mut comparable = Comparable::All;
        if was != is {
            let class = match (was, is) {
                (Some(_), None) | (Some("integer"), Some("number")) => way.widened(),
                (None, Some(_)) | (Some("number"), Some("integer")) => way.narrowed(),
                _ => Class::Breaking,
            };
            let message = format!("the type of `{subject}` is {} now, and was {}", word(is), word(was));
            let finding = Finding::new("type-changed", class, way.side(), subject, message);
            self.add(places(finding.values(word(was), word(is)), "type"));
            comparable = match (was, is) {
                (None, _) | (_, None) => Comparable::Common,
                // The formats of the two have no word in common.
                (Some("integer"), Some("number")) | (Some("number"), Some("integer")) => return Comparable::Common,
                _ => return Comparable::Nothing,
            };
        }
        let (was, is) = (old.format(), new.format());
        let (was, is) = (was.as_deref(), is.as_deref());
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
        comparable
    }

    /// Compares the values of an enum.
    fn values(&mut self, old: &MergedSchema<'_>, new: &MergedSchema<'_>, subject: &str, way: Way) {
        let (Some(was), Some(is)) = (old.values(), new.values()) else {
            let (code, class, words) = match (old.values(), new.values()) {
                (None, Some(_)) => ("enum-added", way.narrowed(), "lists its values now"),
                (Some(_), None) => ("enum-dropped", way.widened(), "may be any value now"),
                _ => return,
            };
            let finding = Finding::new(code, class, way.side(), subject, format!("`{subject}` {words}"));
            self.add(finding.old(&old.pointer).new_at(&new.pointer));
            return;
        };
        let list = |view: &MergedSchema<'_>| view.at("enum", |any| !any.enumeration.is_empty());
        let (was_at, is_at) = (list(old), list(new));
        if let ([(before, _)], [(after, _)]) = (was.as_slice(), is.as_slice())
            && before != after
        {
            let [before, after] = [before, after].map(|value| format!("`{}`", written(value)));
            let message = format!("`{subject}` is always {after} now, and was {before}");
            let finding = Finding::new("constant-changed", Class::Breaking, way.side(), subject, message);
            self.add(finding.values(before, after).old(&was_at).new_at(&is_at));
            return self.openness(old, new, subject, way);
        }
        for (value, at) in missing(&is, &was) {
            let word = written(value);
            let (class, words) = match (way.is_sent(), old.is_open()) {
                (true, _) => (Class::Compatible, "is new"),
                (false, true) => (Class::Compatible, "is new: older versions keep it as a value that they do not know"),
                (false, false) => (Class::Breaking, "is new, and the enum is closed: older versions cannot read it"),
            };
            let message = format!("the value `{word}` of `{subject}` {words}");
            let finding = Finding::new("enum-value-added", class, way.side(), subject, message);
            self.add(finding.detail(&word).old(&was_at).new_at(at));
        }
        for (value, at) in missing(&was, &is) {
            let word = written(value);
            let message = format!("the value `{word}` of `{subject}` is gone");
            let finding = Finding::new("enum-value-removed", way.narrowed(), way.side(), subject, message);
            self.add(finding.detail(&word).old(at).new_at(&is_at));
        }
        self.openness(old, new, subject, way);
    }

    pub(super) fn openness(&mut self, old: &MergedSchema<'_>, new: &MergedSchema<'_>, subject: &str, way: Way) {
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
    fn properties(&mut self, old: &MergedSchema<'a>, new: &MergedSchema<'a>, subject: &str, way: Way) {
        let (all_old, all_new) = (old.properties(), new.properties());
        let was = travelling(all_old.clone(), way);
        let is = travelling(all_new.clone(), way);
        for (name, property) in &was {
            let subject = format!("{subject}.{name}");
            let Some(after) = is.get(name) else {
                if let Some(after) = all_new.get(name) {
                    self.access([property, after], &subject, way, false);
                    continue;
                }
                let added = is.keys().filter(|name| !was.contains_key(*name)).copied();
                let near = nearest(name, added).map(|near| format!("; is it `{near}` now?")).unwrap_or_default();
                let message = format!("the property `{subject}` is gone{near}");
                let finding = Finding::new("property-removed", Class::Breaking, way.side(), &subject, message);
                self.add(finding.old(property.pointer()).new_at(&new.pointer));
                continue;
            };
            self.presence(property, after, &subject, way);
            self.schemas(&property.uses, &after.uses, &subject, way);
        }
        for (name, property) in is.iter().filter(|(name, _)| !was.contains_key(*name)) {
            let subject = format!("{subject}.{name}");
            if let Some(before) = all_old.get(name) {
                self.access([before, property], &subject, way, true);
                continue;
            }
            let (code, class, word) = match (property.required.is_some(), way.is_sent()) {
                (true, true) => ("required-property-added", Class::Breaking, "is new and required"),
                (_, true) => ("property-added", Class::Compatible, "is new and optional"),
                (_, false) => ("property-added", Class::Compatible, "is new: older versions pass over it"),
            };
            let message = format!("the property `{subject}` {word}");
            let finding = Finding::new(code, class, way.side(), &subject, message);
            self.add(finding.old(&old.pointer).new_at(property.pointer()));
        }
        self.required(old, new, subject, way);
    }

    /// Compares the names that are required and described nowhere.
    fn required(&mut self, old: &MergedSchema<'a>, new: &MergedSchema<'a>, subject: &str, way: Way) {
        let (was, is) = (old.required(), new.required());
        if was.keys().eq(is.keys()) {
            return;
        }
        let is_described = |name: &str| [old, new].iter().any(|view| view.properties().contains_key(name));
        let alone = |these: &IndexMap<&'a str, Pointer>, others: &IndexMap<&'a str, Pointer>| {
            let alone = these.iter().filter(|(name, _)| !others.contains_key(*name) && !is_described(name));
            alone.map(|(name, at)| (format!("{subject}.{name}"), at.clone())).collect::<Vec<_>>()
        };
        for (subject, at) in alone(&is, &was) {
            let message = format!("the property `{subject}` is required now");
            let finding = Finding::new("property-became-required", way.narrowed(), way.side(), &subject, message);
            self.add(finding.old(&old.pointer).new_at(&at));
        }
        for (subject, at) in alone(&was, &is) {
            let message = format!("the property `{subject}` may be absent now");
            let finding = Finding::new("property-became-optional", way.widened(), way.side(), &subject, message);
            self.add(finding.old(&at).new_at(&new.pointer));
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
        let place = |property: &Property<'_>| property.required.clone().unwrap_or_else(|| property.pointer().clone());
        self.add(finding.old(&place(old)).new_at(&place(new)));
    }

    /// Compares the items of arrays.
    fn items(&mut self, old: &MergedSchema<'a>, new: &MergedSchema<'a>, subject: &str, way: Way) {
        let (was, is) = (old.items(), new.items());
        let subject = format!("{subject}[]");
        let says = |uses: &[SchemaUse<'a>]| MergedSchema::of(uses).is_some_and(|view| !view.is_anything());
        let (class, words) = match (was.is_empty(), is.is_empty()) {
            (false, false) => return self.schemas(&was, &is, &subject, way),
            (true, false) if says(&is) => (way.narrowed(), "the items are of one type now"),
            (false, true) if says(&was) => (way.widened(), "the items may be anything now"),
            _ => return,
        };
        let finding = Finding::new("items-changed", class, way.side(), &subject, format!("`{subject}`: {words}"));
        let at = |sites: &[SchemaUse<'a>], view: &MergedSchema<'_>| {
            sites.first().map_or(&view.pointer, |it| &it.pointer).clone()
        };
        self.add(finding.old(&at(&was, old)).new_at(&at(&is, new)));
    }

    /// Compares what objects may hold beside their properties.
    fn rest(&mut self, old: &MergedSchema<'a>, new: &MergedSchema<'a>, subject: &str, way: Way) {
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
}

/// The values of one list that another has not; null is told by itself.
fn missing<'v>(values: &'v [(&Value, Pointer)], all: &'v [(&Value, Pointer)]) -> Vec<(&'v Value, &'v Pointer)> {
    let has = |value: &Value| value.is_null() || all.iter().any(|(other, _)| *other == value);
    values.iter().filter(|(value, _)| !has(value)).map(|(value, at)| (*value, at)).collect()
}

/// A value of an enum as the document writes it.
fn written(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
