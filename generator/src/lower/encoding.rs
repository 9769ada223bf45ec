//! Encoding Objects: how the properties of a form and the parts of a multipart body are written.

use indexmap::IndexMap;
use openapiv3::{Encoding, QueryStyle};

use super::media_type::{is_json, is_range};
use crate::model::{PropertyStyle, Style};

/// The properties of an urlencoded form that are not written as they are by default.
///
/// OpenAPI 3.0.4 and 3.1.1: where any of `style`, `explode` and `allowReserved` is there,
/// `contentType` does not count.
pub fn styles(encoding: &IndexMap<String, Encoding>) -> Vec<PropertyStyle> {
    let written = encoding.iter().filter_map(|(wire, encoding)| {
        let json = encoding.content_type.as_deref().is_some_and(is_json);
        let style = match (&encoding.style, encoding.explode) {
            // `explode` is true by default where there is no style.
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

/// The parts that are not written as they are by default: a list as a part for each item, an object as JSON.
pub fn part_styles(encoding: &IndexMap<String, Encoding>) -> Vec<PropertyStyle> {
    let mut styles = styles(encoding);
    styles.retain(|property| property.style != Style::Json);
    styles
}

/// The media types of the parts that are to have another than by default. Of a list or a range, which
/// the caller has to choose from, nothing can be said here.
pub fn part_types(encoding: &IndexMap<String, Encoding>) -> Vec<(String, String)> {
    let one = |encoding: &Encoding| {
        let media_type = encoding.content_type.as_deref()?.trim();
        (!media_type.contains(',') && !is_range(media_type)).then(|| media_type.to_owned())
    };
    encoding.iter().filter_map(|(wire, encoding)| Some((wire.clone(), one(encoding)?))).collect()
}
