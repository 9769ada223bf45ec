//! Which examples fit which schemas.

use crate::lint::{Config, codes, complete, lint};
use generator::Source;

/// Returns what is said of an example beside a schema, both in one line of YAML.
fn said(schema: &str, value: &str) -> Vec<String> {
    let part = format!(
        "components:\n  schemas:\n    Pet: {{description: An animal, {schema}, example: {value}, x-client-privacy: safe}}\n    \
         Name: {{description: Its name, type: string, maxLength: 3, x-client-privacy: safe}}\n"
    );
    let text = complete(&codes::EXAMPLE_MISMATCH, &part);
    let found = lint(&Source::alone("pets.yaml", &text), &mut Config::default()).findings;
    let found = found.into_iter().filter(|finding| *finding.code == codes::EXAMPLE_MISMATCH);
    found.map(|finding| finding.message.rsplit("schema: ").next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn what_does_not_fit_is_told_without_the_value() {
    for (schema, value, expected) in [
        ("type: string", "1", "the type is `string`, and this is a number"),
        ("type: string", "null", "the type is `string`, and this is null, which `nullable` would allow"),
        ("type: boolean", "[]", "the type is `boolean`, and this is a list"),
        ("type: integer", "1.5", "the type is `integer`, and this is a number"),
        ("type: array, items: {type: string}", "{}", "the type is `array`, and this is an object"),
        ("type: string, enum: [cat, dog]", "cow", "it is none of the values that are listed"),
        ("type: string, minLength: 3", "ab", "it is shorter than `minLength` allows"),
        ("type: string, maxLength: 1", "ab", "it is longer than `maxLength` allows"),
        ("type: string, pattern: '^[0-9]{2}$'", "ab", "it does not match `pattern`"),
        ("type: string, format: uuid", "ab", "it is no `uuid`"),
        ("type: number, minimum: 1", "0.5", "it is below `minimum`"),
        ("type: number, maximum: 1, exclusiveMaximum: true", "1", "it is above `maximum`"),
        ("type: number, multipleOf: 0.1", "0.25", "it isn't a multiple of `multipleOf`"),
        ("type: integer, format: int32", "3000000000", "it is no `int32`"),
        ("type: array, minItems: 1, items: {type: string}", "[]", "it has fewer items than `minItems` allows"),
        ("type: array, maxItems: 0, items: {type: string}", "[a]", "it has more items than `maxItems` allows"),
        ("type: array, uniqueItems: true, items: {type: string}", "[a, a]", "two items are the same"),
        ("type: array, items: {type: string}", "[1]", "the type is `string`, and this is a number"),
        ("type: object, minProperties: 1", "{}", "it has fewer properties than `minProperties` allows"),
        ("type: object, required: [a], properties: {a: {type: string}}", "{}", "`a` is required, and missing"),
        ("type: object, additionalProperties: false", "{a: 1}", "it has a property that the schema does not allow"),
        ("type: object, additionalProperties: {type: string}", "{a: 1}", "the type is `string`, and this is a number"),
        (
            "allOf: [{$ref: '#/components/schemas/Name'}, {minLength: 2}]",
            "abcd",
            "it is longer than `maxLength` allows",
        ),
        ("oneOf: [{type: string}, {type: boolean}]", "1", "it fits no member of `oneOf`"),
        ("anyOf: [{type: string, maxLength: 1}, {type: boolean}]", "ab", "it fits no member of `anyOf`"),
    ] {
        assert_eq!(said(schema, value), [expected], "{schema}: {value}");
    }
}

#[test]
fn what_fits_is_left_alone() {
    for (schema, value) in [
        ("type: string, nullable: true", "null"),
        ("type: integer", "2.0"),
        ("type: number, multipleOf: 0.1", "0.3"),
        ("type: string, pattern: '^(a|b)$'", "c"),
        ("type: string, format: odd", "c"),
        ("nullable: true, allOf: [{$ref: '#/components/schemas/Name'}]", "null"),
        ("type: object, required: [a], properties: {a: {type: string, readOnly: true}}", "{}"),
        ("type: object, properties: {a: {type: string}}", "{b: 1}"),
        ("oneOf: [{type: string}, {type: string, maxLength: 1}]", "a"),
        ("not: {type: string}", "a"),
    ] {
        assert_eq!(said(schema, value), [""; 0], "{schema}: {value}");
    }
}

#[test]
fn a_schema_that_holds_itself_ends() {
    assert_eq!(said("allOf: [{$ref: '#/components/schemas/Pet'}]", "1"), [""; 0]);
    let tree = "type: object, properties: {next: {$ref: '#/components/schemas/Pet'}, age: {type: integer}}";
    assert_eq!(said(tree, "{next: {next: {age: old}}}"), ["the type is `integer`, and this is a text"]);
}
