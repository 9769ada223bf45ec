//! What a caller has to show: requirements and schemes.

use openapiv3::{OAuth2Flows, ReferenceOr, SecurityRequirement, SecurityScheme};

use super::super::finding::{Class, Finding, Side};
use super::{Walk, quoted};
use crate::reading::Reading;
use generator::diagnostic::Pointer;
use generator::parse::OperationAt;

impl<'a> Walk<'a> {
    /// Compares what two operations require. Requirements are alternatives: one that is gone may have been the caller's.
    pub(super) fn security(&mut self, old: &OperationAt<'a>, new: &OperationAt<'a>, name: &str) {
        let (was, was_at, is_own) = requirements(self.old, old);
        let (mut is, is_at, is_still_own) = requirements(self.new, new);
        self.rename(&mut is);
        // What the whole document requires is one change, however many operations it is for.
        let subject = if is_own || is_still_own { format!("`{name}`") } else { "every operation".to_owned() };
        let words = |requirement: &Vec<String>| match requirement.as_slice() {
            [] => "no credential".to_owned(),
            names => quoted(names),
        };
        for requirement in was.iter().filter(|requirement| !is.contains(requirement)) {
            // Who shows a credential is served where none is needed any more.
            let class = if is.iter().any(Vec::is_empty) || is.is_empty() { Class::Compatible } else { Class::Breaking };
            let message = format!("{subject} may no longer be called with {}", words(requirement));
            let finding = Finding::new("security-removed", class, Side::Request, &subject, message);
            self.add(finding.detail(&requirement.join(" ")).old(&was_at).new_at(&is_at));
        }
        for requirement in is.iter().filter(|requirement| !was.contains(requirement)) {
            let class = if was.is_empty() { Class::Breaking } else { Class::Compatible };
            let message = format!("{subject} may be called with {} now", words(requirement));
            let finding = Finding::new("security-added", class, Side::Request, &subject, message);
            self.add(finding.detail(&requirement.join(" ")).old(&was_at).new_at(&is_at));
        }
    }

    /// Compares the credentials that deliveries show, where a webhook says so itself. A receiver that looks for one of
    /// them refuses what comes without it.
    pub(super) fn delivery_security(&mut self, old: &OperationAt<'a>, new: &OperationAt<'a>, name: &str) {
        let (was, is) = (own(old), own(new));
        let mut is = is;
        self.rename(&mut is);
        let at = |site: &OperationAt<'_>| site.pointer.key("security");
        let mut push = |code, class, requirement: &[String], words: &str| {
            let credential = if requirement.is_empty() { "no credential".to_owned() } else { quoted(requirement) };
            let message = format!("deliveries of `{name}` {words} {credential}");
            let finding = Finding::new(code, class, Side::Webhook, name, message).detail(&requirement.join(" "));
            self.add(finding.old(&at(old)).new_at(&at(new)));
        };
        let shows_none = |all: &[Vec<String>]| all.is_empty() || all.iter().any(Vec::is_empty);
        for requirement in was.iter().filter(|requirement| !is.contains(requirement)) {
            let class = if shows_none(&is) { Class::Breaking } else { Class::Compatible };
            push("security-removed", class, requirement, "no longer come with");
        }
        for requirement in is.iter().filter(|requirement| !was.contains(requirement)) {
            let class = if shows_none(&was) { Class::Compatible } else { Class::Breaking };
            push("security-added", class, requirement, "may come with");
        }
    }

    /// A scheme that is called otherwise and travels as before is the same one: calls it by its older name.
    fn rename(&self, requirements: &mut [Vec<String>]) {
        let [was, is] = [self.old, self.new].map(schemes);
        let older = |name: &str| {
            let (_, travels) = is.iter().find(|(other, _)| *other == name)?;
            let is_gone = |old: &&str| !is.iter().any(|(other, _)| other == old);
            let mut same = was.iter().filter(|(_, other)| other == travels).map(|(old, _)| *old);
            if was.iter().any(|(old, _)| *old == name) { None } else { same.find(is_gone).map(str::to_owned) }
        };
        for name in requirements.iter_mut().flatten() {
            let (scheme, scope) = name.split_once(':').unwrap_or((name, ""));
            let Some(old) = older(scheme) else { continue };
            *name = if scope.is_empty() { old } else { format!("{old}:{scope}") };
        }
        for names in requirements {
            names.sort();
        }
    }

    /// Compares how credentials travel.
    pub(super) fn schemes(&mut self) {
        let pointer = Pointer::root().key("components").key("securitySchemes");
        let [was, is] = [self.old, self.new].map(schemes);
        for (name, before) in &was {
            let Some((_, after)) = is.iter().find(|(other, _)| other == name) else { continue };
            if before == after {
                continue;
            }
            let message = format!("the credential `{name}` travels in another way");
            let finding = Finding::new("security-scheme", Class::Breaking, Side::Request, name, message);
            self.add(finding.old(&pointer.key(name)).new_at(&pointer.key(name)));
        }
    }
}

/// An operation's requirements or the document's, each a sorted list of schemes with their scopes; their place; and
/// whether the operation declares them itself.
fn requirements(reading: &Reading<'_>, site: &OperationAt<'_>) -> (Vec<Vec<String>>, Pointer, bool) {
    if let Some(own) = &site.object.security {
        return (list(own), site.pointer.key("security"), true);
    }
    let all = reading.document.openapi.security.as_deref().unwrap_or_default();
    (list(all), Pointer::root().key("security"), false)
}

/// The requirements of an operation itself.
fn own(site: &OperationAt<'_>) -> Vec<Vec<String>> {
    list(site.object.security.as_deref().unwrap_or_default())
}

fn list(all: &[SecurityRequirement]) -> Vec<Vec<String>> {
    let names = |requirement: &SecurityRequirement| {
        let mut names: Vec<String> = requirement
            .iter()
            .flat_map(|(name, scopes)| {
                std::iter::once(name.clone()).chain(scopes.iter().map(move |scope| format!("{name}:{scope}")))
            })
            .collect();
        names.sort();
        names
    };
    all.iter().map(names).collect()
}

/// Schemes by their names, each as what it does on the wire.
fn schemes<'a>(reading: &'a Reading<'a>) -> Vec<(&'a str, String)> {
    let all = reading.document.openapi.components.iter().flat_map(|components| &components.security_schemes);
    let told = all.map(|(name, scheme)| {
        let told = match scheme {
            ReferenceOr::Reference { reference } => reference.clone(),
            ReferenceOr::Item(SecurityScheme::APIKey { location, name, .. }) => format!("{location:?} {name}"),
            ReferenceOr::Item(SecurityScheme::HTTP { scheme, .. }) => scheme.to_ascii_lowercase(),
            ReferenceOr::Item(SecurityScheme::OAuth2 { flows, .. }) => oauth(flows),
            ReferenceOr::Item(SecurityScheme::OpenIDConnect { open_id_connect_url, .. }) => open_id_connect_url.clone(),
        };
        (name.as_str(), told)
    });
    told.collect()
}

/// What the flows of OAuth do: their addresses and the names of their scopes, without what is said of these.
fn oauth(flows: &OAuth2Flows) -> String {
    let mut flows = flows.clone();
    let lists = [
        flows.implicit.as_mut().map(|flow| &mut flow.scopes),
        flows.password.as_mut().map(|flow| &mut flow.scopes),
        flows.client_credentials.as_mut().map(|flow| &mut flow.scopes),
        flows.authorization_code.as_mut().map(|flow| &mut flow.scopes),
    ];
    for scopes in lists.into_iter().flatten() {
        scopes.sort_keys();
        scopes.values_mut().for_each(String::clear);
    }
    format!("{flows:?}")
}
