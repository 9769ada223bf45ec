//! A value as serde serializes it. Unlike JSON it distinguishes the name of a field, which comes from the
//! document, from the key of a map, which is data.
#![cfg(feature = "test-util")]

use std::fmt;

use serde::Serialize;
use serde::ser::{
    Error as _, Impossible, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, SerializeTupleStruct,
    Serializer,
};

/// A value; numbers are as they are written in JSON.
#[derive(Debug, PartialEq)]
pub(crate) enum Tree {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Tree>),
    Object(Vec<Member>),
}

/// A property.
#[derive(Debug, PartialEq)]
pub(crate) struct Member {
    pub(crate) key: String,
    /// Whether the key is that of a map.
    is_data: bool,
    pub(crate) value: Tree,
}

impl Member {
    /// What a pointer says of the key.
    pub(crate) fn segment(&self) -> &str {
        if self.is_data { "*" } else { &self.key }
    }
}

impl Tree {
    pub(crate) fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, fmt::Error> {
        value.serialize(Writer)
    }

    /// The name of its JSON type.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::Text(_) => "string",
            Self::List(_) => "array",
            Self::Object(_) => "object",
        }
    }
}

struct Writer;

/// The parts of a list or an object so far.
#[derive(Default)]
struct Parts {
    items: Vec<Tree>,
    members: Vec<Member>,
    key: String,
}

macro_rules! numbers {
    ($($method:ident: $ty:ty),*) => {$(
        fn $method(self, value: $ty) -> Result<Tree, fmt::Error> {
            Ok(Tree::Number(serde_json::to_string(&value).map_err(fmt::Error::custom)?))
        }
    )*};
}

impl Serializer for Writer {
    type Ok = Tree;
    type Error = fmt::Error;
    type SerializeSeq = Parts;
    type SerializeTuple = Parts;
    type SerializeTupleStruct = Parts;
    type SerializeMap = Parts;
    type SerializeStruct = Parts;
    // No generated type is an enum to serde.
    type SerializeTupleVariant = Impossible<Tree, fmt::Error>;
    type SerializeStructVariant = Impossible<Tree, fmt::Error>;

    numbers! {
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64,
        serialize_f32: f32, serialize_f64: f64
    }

    fn serialize_bool(self, value: bool) -> Result<Tree, fmt::Error> {
        Ok(Tree::Bool(value))
    }

    fn serialize_char(self, value: char) -> Result<Tree, fmt::Error> {
        Ok(Tree::Text(value.to_string()))
    }

    fn serialize_str(self, value: &str) -> Result<Tree, fmt::Error> {
        Ok(Tree::Text(value.to_owned()))
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<Tree, fmt::Error> {
        value.serialize(self)
    }

    fn serialize_none(self) -> Result<Tree, fmt::Error> {
        Ok(Tree::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Tree, fmt::Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Tree, fmt::Error> {
        Ok(Tree::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Tree, fmt::Error> {
        Ok(Tree::Null)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Tree, fmt::Error> {
        Ok(Tree::Text(variant.to_owned()))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Tree, fmt::Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Tree, fmt::Error> {
        Err(fmt::Error)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Parts, fmt::Error> {
        Ok(Parts::default())
    }

    fn serialize_tuple(self, _: usize) -> Result<Parts, fmt::Error> {
        Ok(Parts::default())
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Parts, fmt::Error> {
        Ok(Parts::default())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, fmt::Error> {
        Err(fmt::Error)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Parts, fmt::Error> {
        Ok(Parts::default())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Parts, fmt::Error> {
        Ok(Parts::default())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, fmt::Error> {
        Err(fmt::Error)
    }
}

macro_rules! lists {
    ($($name:ident: $method:ident),*) => {$(
        impl $name for Parts {
            type Ok = Tree;
            type Error = fmt::Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), fmt::Error> {
                self.items.push(Tree::of(value)?);
                Ok(())
            }

            fn end(self) -> Result<Tree, fmt::Error> {
                Ok(Tree::List(self.items))
            }
        }
    )*};
}

lists! { SerializeSeq: serialize_element, SerializeTuple: serialize_element, SerializeTupleStruct: serialize_field }

impl SerializeMap for Parts {
    type Ok = Tree;
    type Error = fmt::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), fmt::Error> {
        self.key = match Tree::of(key)? {
            Tree::Text(text) | Tree::Number(text) => text,
            _ => return Err(fmt::Error),
        };
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), fmt::Error> {
        let key = std::mem::take(&mut self.key);
        self.members.push(Member { key, is_data: true, value: Tree::of(value)? });
        Ok(())
    }

    fn end(self) -> Result<Tree, fmt::Error> {
        Ok(Tree::Object(self.members))
    }
}

impl SerializeStruct for Parts {
    type Ok = Tree;
    type Error = fmt::Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), fmt::Error> {
        self.members.push(Member { key: key.to_owned(), is_data: false, value: Tree::of(value)? });
        Ok(())
    }

    fn end(self) -> Result<Tree, fmt::Error> {
        Ok(Tree::Object(self.members))
    }
}
