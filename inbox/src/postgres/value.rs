//! Values of statements, each with its type: [`Value`], and [`ask`], which needs no prepared statement.
//!
//! A prepared statement has a name that belongs to the server's process. Where a pooler lends that
//! process to another client, the name means somebody else's statement there. A statement without a
//! name is parsed each time it is sent, so its values bring their types along.

use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Error, GenericClient, Row};

/// A value of a statement.
pub trait Value: ToSql + Sync {
    /// Returns the type that the server reads it as.
    fn ty(&self) -> Type;
}

/// A Rust type with one PostgreSQL type.
pub trait Typed {
    const TYPE: Type;
}

/// A Rust type that arrays are made of.
pub trait Element {
    const TYPE: Type;
    const ARRAY: Type;
}

macro_rules! elements {
    ($($rust:ty: $one:ident, $array:ident;)*) => {
        $(impl Element for $rust {
            const TYPE: Type = Type::$one;
            const ARRAY: Type = Type::$array;
        }

        impl Typed for $rust {
            const TYPE: Type = Type::$one;
        })*
    };
}

elements! {
    bool: BOOL, BOOL_ARRAY;
    i16: INT2, INT2_ARRAY;
    i32: INT4, INT4_ARRAY;
    i64: INT8, INT8_ARRAY;
    &str: TEXT, TEXT_ARRAY;
    String: TEXT, TEXT_ARRAY;
    &[u8]: BYTEA, BYTEA_ARRAY;
}

impl<T: Element> Typed for Option<T> {
    const TYPE: Type = T::TYPE;
}

impl<T: Element> Element for Option<T> {
    const TYPE: Type = T::TYPE;
    const ARRAY: Type = T::ARRAY;
}

impl<T: Element> Typed for &[T] {
    const TYPE: Type = T::ARRAY;
}

impl<T: Element> Typed for Vec<T> {
    const TYPE: Type = T::ARRAY;
}

impl Typed for Vec<u8> {
    const TYPE: Type = Type::BYTEA;
}

impl<T: Typed + ToSql + Sync> Value for T {
    fn ty(&self) -> Type {
        T::TYPE
    }
}

/// Has a statement done that nobody prepared, and returns its rows.
pub async fn ask(client: &impl GenericClient, statement: &str, values: &[&dyn Value]) -> Result<Vec<Row>, Error> {
    let values: Vec<(&(dyn ToSql + Sync), Type)> =
        values.iter().map(|value| (*value as &(dyn ToSql + Sync), value.ty())).collect();
    client.query_typed(statement, &values).await
}
