//! What the emitters are given: the model and the configuration of the crate that is written.

use std::collections::BTreeSet;

use crate::Config;
use crate::model::{Api, Capability, Shape, Struct, Type, TypeDef, TypeId};

/// The crate that is written.
pub struct Crate<'a> {
    pub(super) api: &'a Api,
    pub(super) config: &'a Config,
    /// Words of the title that look like identifiers but aren't, such as `OpenAPI`.
    pub(super) proper_names: BTreeSet<String>,
}

impl<'a> Crate<'a> {
    /// The crate's name as Rust code spells it.
    pub(super) fn name(&self) -> String {
        self.config.name.replace('-', "_")
    }

    /// Whether the server side is emitted, too.
    pub(super) fn has_server(&self) -> bool {
        self.api.capabilities.contains(&Capability::Server)
    }

    pub(super) fn def(&self, id: TypeId) -> &'a TypeDef {
        self.api.def(id)
    }

    /// The struct of this id, if it is one.
    pub(super) fn structure(&self, id: TypeId) -> Option<&'a Struct> {
        match &self.def(id).shape {
            Shape::Struct(structure) => Some(structure),
            _ => None,
        }
    }

    /// The type behind an alias, or the type itself.
    pub(super) fn resolved<'t>(&'t self, ty: &'t Type) -> &'t Type {
        self.api.resolved(ty)
    }
}
