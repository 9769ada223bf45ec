//! Alternatives: those of two `oneOf` or `anyOf`, and one that comes where there was none, or goes.

use std::collections::BTreeMap;
use std::rc::Rc;

use indexmap::IndexMap;

use super::super::finding::{Class, Finding};
use super::merged::MergedSchema;
use super::{Walk, Way};
use crate::reading::Reading;
use generator::parse::SchemaUse;

impl<'a> Walk<'a> {
    /// Compares a value that has alternatives in one of the two states alone. Returns whether that says all of it.
    pub(super) fn choice(&mut self, old: &MergedSchema<'a>, new: &MergedSchema<'a>, subject: &str, way: Way) -> bool {
        let (was, is) = (old.choices(), new.choices());
        match (was.first(), is.first()) {
            (None, Some(members)) => self.choice_came(old, new, members, subject, way),
            (Some(members), None) => self.choice_went(old, new, members, subject, way),
            _ => false,
        }
    }

    fn choice_came(
        &mut self,
        old: &MergedSchema<'a>,
        new: &MergedSchema<'a>,
        is: &[SchemaUse<'a>],
        subject: &str,
        way: Way,
    ) -> bool {
        let is_beside = keeps_its_type(new, old);
        let (class, words) = if is_beside || old.is_anything() {
            (way.narrowed(), "has to be one of several alternatives now")
        } else if is.iter().any(|site| self.is_among(old, site)) {
            (way.widened(), "may be one of several alternatives now, of which what it was is one")
        } else {
            (Class::Breaking, "is one of several alternatives now, and none of them is what it was")
        };
        let message = format!("`{subject}` {words}");
        let finding = Finding::new("alternatives-came", class, way.side(), subject, message);
        self.add(finding.old(&old.pointer).new_at(&is[0].pointer.parent().unwrap_or(&new.pointer).clone()));
        !is_beside
    }

    fn choice_went(
        &mut self,
        old: &MergedSchema<'a>,
        new: &MergedSchema<'a>,
        was: &[SchemaUse<'a>],
        subject: &str,
        way: Way,
    ) -> bool {
        let is_beside = keeps_its_type(old, new);
        let (class, words) = if is_beside || new.is_anything() {
            (way.widened(), "need not be one of several alternatives any more")
        } else if was.iter().any(|site| self.was_among(site, new)) {
            (way.narrowed(), "is one of the alternatives alone now")
        } else {
            (Class::Breaking, "is none of its former alternatives now")
        };
        let message = format!("`{subject}` {words}");
        let finding = Finding::new("alternatives-went", class, way.side(), subject, message);
        self.add(finding.old(&was[0].pointer.parent().unwrap_or(&old.pointer).clone()).new_at(&new.pointer));
        !is_beside
    }

    /// Whether each value that the older schema allows fits an alternative of the newer one. What the alternative says
    /// that is new beside that is told where its component is compared.
    fn is_among(&self, old: &MergedSchema<'a>, site: &SchemaUse<'a>) -> bool {
        let Some(alternative) = MergedSchema::of(std::slice::from_ref(site)) else { return false };
        self.fits(old, &alternative, Way::Request)
    }

    /// Whether each value that the newer schema allows fits an alternative of the older one.
    fn was_among(&self, site: &SchemaUse<'a>, new: &MergedSchema<'a>) -> bool {
        let Some(alternative) = MergedSchema::of(std::slice::from_ref(site)) else { return false };
        self.fits(&alternative, new, Way::Answer)
    }

    fn fits(&self, old: &MergedSchema<'a>, new: &MergedSchema<'a>, way: Way) -> bool {
        if self.depth >= super::DEPTH {
            return false;
        }
        let mut trial = Walk::new([self.old, self.new], Rc::clone(&self.unread), Rc::clone(&self.keys), self.depth + 1);
        trial.compared(old, new, "", way);
        trial.findings.iter().all(|finding| finding.class != Class::Breaking)
    }

    /// Compares the alternatives that both states have.
    pub(super) fn members(&mut self, old: &MergedSchema<'a>, new: &MergedSchema<'a>, subject: &str, way: Way) {
        let (was, is) = (old.choices(), new.choices());
        let (fewer, more) = (was.len().min(is.len()), was.len().max(is.len()));
        if fewer > 0 && more > fewer {
            let (class, words) = if is.len() > was.len() {
                (way.narrowed(), "has to be one of further alternatives as well now")
            } else {
                (way.widened(), "need not be one of some alternatives any more")
            };
            let message = format!("`{subject}` {words}");
            let finding = Finding::new("alternatives-came", class, way.side(), subject, message);
            self.add(finding.old(&old.pointer).new_at(&new.pointer));
        }
        for (was, is) in was.into_iter().zip(is) {
            let labels = [labelled(was), labelled(is)];
            self.alternatives([old, new], labels, subject, way);
        }
        if fewer > 0 {
            self.openness(old, new, subject, way);
        }
        self.discriminators(old, new, subject, way);
        if more == 0 && old.is_base() && new.is_base() {
            let heirs = [heirs(self.old, old), heirs(self.new, new)];
            self.alternatives([old, new], heirs, subject, way);
        }
    }

    /// Compares alternatives by what they are called.
    fn alternatives(
        &mut self,
        [old, new]: [&MergedSchema<'a>; 2],
        [was, is]: [IndexMap<String, SchemaUse<'a>>; 2],
        subject: &str,
        way: Way,
    ) {
        for (label, site) in &was {
            let subject = format!("{subject}|{label}");
            if let Some(other) = is.get(label) {
                self.schema(site, other, &subject, way);
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
    }

    fn discriminators(&mut self, old: &MergedSchema<'a>, new: &MergedSchema<'a>, subject: &str, way: Way) {
        let [was, is] = [old, new].map(|view| view.discriminator().map(|it| (&it.property_name, &it.mapping)));
        if was == is {
            return;
        }
        let is_more = was.zip(is).is_some_and(|((one, was), (other, is))| {
            one == other && was.iter().all(|(name, target)| is.get(name) == Some(target))
        });
        let class = if is_more { Class::Compatible } else { Class::Breaking };
        let message = format!("the alternatives of `{subject}` are told apart in another way");
        let finding = Finding::new("discriminator-changed", class, way.side(), subject, message);
        self.add(finding.old(&old.pointer).new_at(&new.pointer));
    }
}

/// The components that build on a component by `allOf`, directly or through others: any of them may come in its place.
fn heirs<'a>(reading: &'a Reading<'a>, base: &MergedSchema<'a>) -> IndexMap<String, SchemaUse<'a>> {
    let heirs = reading.document.heirs(&base.pointer).iter().map(|id| reading.document.named(*id));
    heirs.filter(|heir| heir.is_component).map(|heir| (heir.name.to_owned(), heir.schema)).collect()
}

/// Whether a schema with alternatives has a type beside them that the one without has as well.
fn keeps_its_type(chosen: &MergedSchema<'_>, plain: &MergedSchema<'_>) -> bool {
    let is_scalar = chosen.ty().is_some_and(|ty| ty != "object" && Some(ty) == plain.ty());
    is_scalar || !chosen.properties().is_empty()
}

/// Alternatives by the components that they name, by their types where no two share one, or by their numbers.
fn labelled<'a>(members: Vec<SchemaUse<'a>>) -> IndexMap<String, SchemaUse<'a>> {
    let views: Vec<Option<MergedSchema<'a>>> =
        members.iter().map(|site| MergedSchema::of(std::slice::from_ref(site))).collect();
    let ty = |view: &MergedSchema<'a>| if view.name.is_some() { None } else { view.ty() };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for ty in views.iter().flatten().filter_map(ty) {
        *counts.entry(ty).or_default() += 1;
    }
    let mut labelled = IndexMap::new();
    for (index, (site, view)) in members.into_iter().zip(views).enumerate() {
        let alone = view.as_ref().and_then(ty).filter(|ty| counts[ty] == 1).map(str::to_owned);
        let label = view.and_then(|view| view.name).or(alone).unwrap_or_else(|| (index + 1).to_string());
        labelled.entry(label).or_insert(site);
    }
    labelled
}
