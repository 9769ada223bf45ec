//! What aliases stand for and newtypes hold, so that a pass can change types while it looks through their names.

use crate::model::{Api, Newtype, NewtypeInner, Scalar, Shape, Type, TypeId, visit};

/// For each type, what it stands for if it is an alias: never another alias.
pub struct Aliases {
    targets: Vec<Option<Type>>,
    /// For each type, the scalar that it is a newtype of.
    scalars: Vec<Option<Scalar>>,
}

impl Aliases {
    /// Reads the aliases of a model, in which no alias stands for itself.
    pub fn of(api: &Api) -> Self {
        let target = |shape: &Shape| match shape {
            Shape::Alias(ty) => Some(api.resolved(ty).clone()),
            _ => None,
        };
        let scalar = |shape: &Shape| match shape {
            Shape::Newtype(Newtype { inner: NewtypeInner::Scalar(scalar), .. }) => Some(*scalar),
            _ => None,
        };
        Self {
            targets: api.types.iter().map(|def| target(&def.shape)).collect(),
            scalars: api.types.iter().map(|def| scalar(&def.shape)).collect(),
        }
    }

    /// Returns the type itself, or what it stands for if it is an alias.
    pub fn resolved<'t>(&'t self, ty: &'t Type) -> &'t Type {
        match ty {
            Type::Named(TypeId(index)) => self.targets[*index].as_ref().unwrap_or(ty),
            ty => ty,
        }
    }

    /// The same without null.
    pub fn not_null<'t>(&'t self, ty: &'t Type) -> &'t Type {
        match self.resolved(ty) {
            Type::Nullable(item) => self.resolved(item),
            ty => ty,
        }
    }

    /// Returns the scalar that a newtype holds.
    pub fn scalar(&self, ty: &Type) -> Option<Type> {
        match self.resolved(ty) {
            Type::Named(TypeId(index)) => self.scalars[*index].map(Type::Scalar),
            _ => None,
        }
    }

    /// Returns the named type that a value is, or that its items are.
    pub fn named(&self, ty: &Type) -> Option<TypeId> {
        match self.resolved(&Type::Named(visit::named(self.resolved(ty))?)) {
            Type::Named(id) => Some(*id),
            ty => self.named(ty),
        }
    }
}
