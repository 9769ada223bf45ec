//! The readings of a text in a style, as a deserializer: [`Tree`].
//!
//! `1,2` can be the string `1,2`, the list `[1, 2]` or the object `{"1": 2}`. A type asks for what it is, and numbers and
//! booleans are parsed when a type asks for them.

use std::cell::Cell;
use std::collections::BTreeMap;

use serde::Deserializer;
use serde::de::value::{Error, MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Error as _, IntoDeserializer, Visitor};

/// A value as a scalar, a list and an object.
#[derive(Default, Clone)]
pub(crate) struct Tree {
    whole: Option<String>,
    items: Vec<String>,
    children: BTreeMap<String, Tree>,
    is_json: bool,
}

/// What became of a value.
pub(crate) enum Decoded<T> {
    Absent,
    Invalid,
    Value(T),
}

impl Tree {
    pub(crate) fn of(whole: Option<String>, items: Vec<String>, children: Vec<(String, String)>) -> Self {
        let mut tree = Self { whole, items, ..Self::default() };
        for (key, value) in children {
            tree.insert(&[&key], value);
        }
        tree
    }

    /// A value that is written as JSON.
    pub(crate) fn json(text: String) -> Self {
        Self { whole: Some(text), is_json: true, ..Self::default() }
    }

    fn leaf(text: String) -> Self {
        Self { whole: Some(text), ..Self::default() }
    }

    /// Adds a value below these keys. A repeated key makes a list.
    pub(crate) fn insert(&mut self, path: &[&str], value: String) {
        let Some((first, rest)) = path.split_first() else {
            self.whole.get_or_insert_with(|| value.clone());
            self.items.push(value);
            return;
        };
        self.children.entry((*first).to_owned()).or_default().insert(rest, value);
    }

    /// The value as a scalar and a list.
    pub(crate) fn without_children(self) -> Self {
        Self { children: BTreeMap::new(), ..self }
    }

    /// Adds a property of an object.
    pub(crate) fn push(&mut self, name: String, value: Self) {
        self.children.insert(name, value);
    }

    /// Decodes the value. A type that takes anything gets a string, and if that fails, a number or a boolean.
    pub(crate) fn decode<T: DeserializeOwned>(&self) -> Decoded<T> {
        let mut is_there = self.whole.is_some();
        if self.whole.is_none() && self.children.is_empty() {
            return Decoded::Absent;
        }
        if self.is_json
            && let Some(value) = self.whole.as_ref().and_then(|text| serde_json::from_str(text).ok())
        {
            return Decoded::Value(value);
        }
        for prefers_plain in [false, true] {
            let is_object = Cell::new(false);
            let reader = Reader { tree: self, prefers_plain, is_object: Some(&is_object) };
            let value = T::deserialize(reader);
            is_there |= is_object.get();
            match value {
                Ok(value) if is_there => return Decoded::Value(value),
                _ if is_there => {}
                _ => return Decoded::Absent,
            }
        }
        Decoded::Invalid
    }
}

/// Decodes a tree.
#[derive(Clone, Copy)]
struct Reader<'t> {
    tree: &'t Tree,
    prefers_plain: bool,
    /// Notes that the value is an object with at least one property.
    is_object: Option<&'t Cell<bool>>,
}

impl<'t> Reader<'t> {
    fn text(&self) -> Result<&'t str, Error> {
        self.tree.whole.as_deref().ok_or_else(|| Error::custom("no text"))
    }

    fn child(self, tree: &'t Tree) -> Self {
        Self { tree, is_object: None, ..self }
    }

    fn json(self) -> Result<serde_json::Value, Error> {
        serde_json::from_str(self.text()?).map_err(|_| Error::custom("not JSON"))
    }

    fn map<'de, V: Visitor<'de>>(self, fields: Option<&[&str]>, visitor: V) -> Result<V::Value, Error> {
        if self.tree.children.is_empty() {
            return self.json()?.deserialize_map(visitor).map_err(|_| Error::custom("no object"));
        }
        let is_field = |key: &str| fields.is_none_or(|fields| fields.contains(&key));
        let children: Vec<_> = self.tree.children.iter().filter(|(key, _)| is_field(key)).collect();
        if let Some(is_object) = self.is_object {
            is_object.set(!children.is_empty());
        }
        let entries = children.into_iter().map(|(key, tree)| (key.clone(), self.child(tree)));
        visitor.visit_map(MapDeserializer::new(entries))
    }
}

impl IntoDeserializer<'_, Error> for Reader<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// Owns a leaf, for items of lists.
struct Item {
    text: String,
    prefers_plain: bool,
}

impl IntoDeserializer<'_, Error> for Item {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! parsed {
    ($($method:ident $visit:ident $ty:ty;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.$visit(self.text()?.parse::<$ty>().map_err(|_| Error::custom("not such a value"))?)
        }
    )*};
}

macro_rules! through_leaf {
    ($($method:ident($($arg:ident: $ty:ty),*))*) => {$(
        fn $method<V: Visitor<'de>>(self, $($arg: $ty,)* visitor: V) -> Result<V::Value, Error> {
            let tree = Tree::leaf(self.text);
            Reader { tree: &tree, prefers_plain: self.prefers_plain, is_object: None }.$method($($arg,)* visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for Item {
    type Error = Error;

    through_leaf! {
        deserialize_any() deserialize_bool() deserialize_char()
        deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64() deserialize_i128()
        deserialize_u8() deserialize_u16() deserialize_u32() deserialize_u64() deserialize_u128()
        deserialize_f32() deserialize_f64() deserialize_str() deserialize_string() deserialize_bytes()
        deserialize_byte_buf() deserialize_identifier() deserialize_option() deserialize_unit()
        deserialize_seq() deserialize_map() deserialize_ignored_any()
        deserialize_unit_struct(name: &'static str) deserialize_newtype_struct(name: &'static str)
        deserialize_tuple(len: usize) deserialize_tuple_struct(name: &'static str, len: usize)
        deserialize_struct(name: &'static str, fields: &'static [&'static str])
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
    }
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = Error;

    parsed! {
        deserialize_bool visit_bool bool;
        deserialize_i8 visit_i8 i8;
        deserialize_i16 visit_i16 i16;
        deserialize_i32 visit_i32 i32;
        deserialize_i64 visit_i64 i64;
        deserialize_i128 visit_i128 i128;
        deserialize_u8 visit_u8 u8;
        deserialize_u16 visit_u16 u16;
        deserialize_u32 visit_u32 u32;
        deserialize_u64 visit_u64 u64;
        deserialize_u128 visit_u128 u128;
        deserialize_f32 visit_f32 f32;
        deserialize_f64 visit_f64 f64;
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.tree.whole.is_none() {
            return self.map(None, visitor);
        }
        let text = self.text()?;
        if self.prefers_plain
            && let Ok(value) = serde_json::from_str::<serde_json::Value>(text)
            && !value.is_string()
        {
            return value.deserialize_any(visitor).map_err(|_| Error::custom("another value"));
        }
        visitor.visit_str(text)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(self.text()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(self.text()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.tree.items.is_empty()
            && let Ok(list @ serde_json::Value::Array(_)) = self.json()
        {
            return list.deserialize_seq(visitor).map_err(|_| Error::custom("another list"));
        }
        let prefers_plain = self.prefers_plain;
        let texts = if self.tree.items.is_empty() { vec![self.text()?.to_owned()] } else { self.tree.items.clone() };
        visitor.visit_seq(SeqDeserializer::new(texts.into_iter().map(|text| Item { text, prefers_plain })))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.map(None, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.map(Some(fields), visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(self.text()?.to_owned().into_deserializer())
    }

    serde::forward_to_deserialize_any! {
        char bytes byte_buf unit unit_struct tuple tuple_struct identifier ignored_any
    }
}
