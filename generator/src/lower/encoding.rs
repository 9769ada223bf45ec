//! Encoding Objects: how the properties of a form and the parts of a multipart body are written.

use indexmap::IndexMap;
use openapiv3::{Encoding, QueryStyle};

use super::media_type::{is_json, is_range};
use crate::model::{PropertyStyle, Style};

/// Returns the properties of a urlencoded form that are not written in the default way.
///
/// OpenAPI 3.0.4 and 3.1.1: if any of `style`, `explode` and `allowReserved` is present,
/// `contentType` is ignored.
pub fn styles(encoding: &IndexMap<String, Encoding>) -> Vec<PropertyStyle> {
    let written = encoding.iter().filter_map(|(wire, encoding)| {
        let json = encoding.content_type.as_deref().is_some_and(is_json);
        let style = match (&encoding.style, encoding.explode) {
            // Without a style, `explode` defaults to true.
            (None, true) if !encoding.allow_reserved => json.then_some(Style::Json)?,
            (None | Some(QueryStyle::Form), explode) => Style::Form { explode },
            // The specification gives no meaning to an exploded delimiter but that of `form`.
            (Some(QueryStyle::SpaceDelimited | QueryStyle::PipeDelimited), true) => Style::Form { explode: true },
            (Some(QueryStyle::SpaceDelimited), false) => Style::SpaceDelimited,
            (Some(QueryStyle::PipeDelimited), false) => Style::PipeDelimited,
            (Some(QueryStyle::DeepObject), _) => Style::DeepObject,
        };
        Some(PropertyStyle { wire: wire.clone(), style, allow_reserved: encoding.allow_reserved })
    });
    written.collect()
}

/// Returns the parts that are not written in the default way: a list as a part for each item, an object as JSON.
pub fn part_styles(encoding: &IndexMap<String, Encoding>) -> Vec<PropertyStyle> {
    let mut styles = styles(encoding);
    styles.retain(|property| property.style != Style::Json);
    styles
}

/// Returns the media types of the parts that don't have the default one. A list or a wildcard is ignored: the caller would
/// have to choose.
pub fn part_types(encoding: &IndexMap<String, Encoding>) -> Vec<(String, String)> {
    let one = |encoding: &Encoding| {
        let media_type = encoding.content_type.as_deref()?.trim();
        (!media_type.contains(',') && !is_range(media_type)).then(|| media_type.to_owned())
    };
    encoding.iter().filter_map(|(wire, encoding)| Some((wire.clone(), one(encoding)?))).collect()
}
