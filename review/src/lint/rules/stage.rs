//! What parse reports by itself, explained like a rule.

use super::operation::OPERATION;
use super::{Level, Rule};

/// A problem that a stage reports. What is fixed is always an error.
pub(super) const fn stage(
    code: &'static str,
    is_fixed: bool,
    summary: &'static str,
    explanation: &'static str,
    [wrong, right]: [&'static str; 2],
) -> Rule {
    let level = if is_fixed { Level::Deny } else { Level::Warn };
    Rule { code, level, is_fixed, summary, explanation, wrong, right, check: None }
}

/// An operation with more in it.
macro_rules! operation {
    ($more:literal) => {
        concat!(
            "paths:\n  /pets:\n    get:\n      operationId: listPets\n      summary: Lists the pets\n      tags: [pets]\n",
            $more,
            "      responses:\n        '200': {description: All of them}\n        '429': {description: Too many requests}\n"
        )
    };
}

/// An operation with these responses.
macro_rules! responses {
    ($responses:literal) => {
        concat!(
            "paths:\n  /pets:\n    get:\n      operationId: listPets\n      summary: Lists the pets\n      tags: [pets]\n",
            "      responses:\n",
            $responses,
            "        '429': {description: Too many requests}\n"
        )
    };
}

/// A schema with a description, which an operation gives back.
macro_rules! pet {
    ($pet:literal) => {
        concat!(
            "components:\n  schemas:\n    Pet: {description: An animal, ",
            $pet,
            "}\npaths:\n  /pets:\n    get:\n      operationId: getPet\n      summary: Gives the pet\n      tags: [pets]\n",
            "      responses:\n        '200':\n          description: The pet\n",
            "          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}\n",
            "        '429': {description: Too many requests}\n"
        )
    };
}

/// The same, of the lines of a schema.
macro_rules! block {
    ($lines:literal) => {
        concat!(
            "components:\n  schemas:\n    Pet:\n      description: An animal\n",
            $lines,
            "paths:\n  /pets:\n    get:\n      operationId: getPet\n      summary: Gives the pet\n      tags: [pets]\n",
            "      responses:\n        '200':\n          description: The pet\n",
            "          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}\n",
            "        '429': {description: Too many requests}\n"
        )
    };
}

pub(super) use {block, operation, pet};

const NO_EXAMPLE: [&str; 2] = ["", ""];

pub const CYCLIC_REF: Rule = stage(
    "cyclic-ref",
    false,
    "references go round in a circle",
    "Following the references comes back to where it began, so that nothing is described. Let one of them hold what is \
     meant.",
    [
        "\
openapi: 3.1.0
components:
  pathItems:
    Pets: {$ref: '#/components/pathItems/Pets'}
paths:
  /pets: {$ref: '#/components/pathItems/Pets'}
",
        OPERATION,
    ],
);

pub const DUPLICATE_KEY: Rule = stage(
    "duplicate-key",
    false,
    "a key stands twice in one object",
    "The last one counts, and what stands under the first is lost. Remove one, or give it another name.",
    ["info: {title: Pets, version: '1', version: '2'}\n", "info: {title: Pets, version: '2'}\n"],
);

pub const EXPANSION_LIMIT: Rule = stage(
    "expansion-limit",
    true,
    "aliases or references make the document too large",
    "Written out, the document would be many times longer than it is. Few lines of aliases that name each other make \
     any program run out of memory. Write the parts out, or as components.",
    NO_EXAMPLE,
);

pub const INVALID_STATUS: Rule = stage(
    "invalid-status",
    false,
    "a key of `responses` is no status",
    "A status is three digits, such as `'404'`, a hundred such as `4XX`, or `default`. Any other key is left out with \
     what it describes.",
    [responses!("        '200': {description: All of them}\n        ok: {description: All of them}\n"), OPERATION],
);

pub const KEY_BESIDE_REF: Rule = stage(
    "key-beside-ref",
    false,
    "a key stands beside a `$ref`, where it has no effect",
    "Under OpenAPI 3.0 whatever stands beside a `$ref` is ignored. Put the reference into an `allOf` of one, and the \
     key beside that.",
    [
        "\
components:
  schemas:
    Name: {type: string, description: A name, x-client-privacy: safe}
    Title: {$ref: '#/components/schemas/Name', maxLength: 3}
",
        "\
components:
  schemas:
    Name: {type: string, description: A name, x-client-privacy: safe}
    Title: {maxLength: 3, allOf: [{$ref: '#/components/schemas/Name'}]}
",
    ],
);

pub const MISPLACED_EXTENSION: Rule = stage(
    "misplaced-extension",
    true,
    "an extension of ours stands where it has no meaning",
    "What it says would be lost: a mark of privacy, say. The message names the object that it belongs to.",
    [operation!("      x-client-privacy: safe\n"), operation!("      x-client-repeatable: true\n")],
);

pub const MISPLACED_KEY: Rule = stage(
    "misplaced-key",
    false,
    "a key of OpenAPI stands on an object that does not have it",
    "It has no effect there. The message names the object that it belongs to.",
    [operation!("      properties: {}\n"), OPERATION],
);

pub const MISSING_KEY: Rule = stage(
    "missing-key",
    false,
    "a key that must be there is missing",
    "OpenAPI requires it, and other programs refuse the document.",
    ["info: {title: Pets}\n", "info: {title: Pets, version: '1'}\n"],
);

pub const NOT_CARRIED: Rule = stage(
    "not-carried",
    false,
    "a part of the document has nothing that stands for it in the client",
    "It is read and does nothing: links, keywords of JSON Schema that a client does not need, and the like. It may stay; \
     other programs may use it.",
    [responses!("        '200': {description: All of them, links: {next: {operationId: listPets}}}\n"), OPERATION],
);

pub const NULLABLE_IN_31: Rule = stage(
    "nullable-in-3.1",
    false,
    "`nullable` stands in a document that says 3.1",
    "OpenAPI 3.1 has no `nullable`, and other programs ignore it: they take a null for a mistake. Write it as a type.",
    [
        "\
openapi: 3.1.0
components:
  schemas:
    Name: {type: string, nullable: true, description: A name, x-client-privacy: safe}
",
        "\
openapi: 3.1.0
components:
  schemas:
    Name: {type: [string, 'null'], description: A name, x-client-privacy: safe}
",
    ],
);

pub const PATH_WITHOUT_SLASH: Rule = stage(
    "path-without-slash",
    false,
    "a path does not begin with `/`",
    "OpenAPI appends the path to the server's URL, and requires that it begin with `/`.",
    ["paths: {pets: {}}\n", "paths: {/pets: {}}\n"],
);

pub const SEVERAL_DOCUMENTS: Rule = stage(
    "several-documents",
    false,
    "only the first of several YAML documents is read",
    "A line `---` ends a document and begins another. Remove it, or split the file.",
    ["paths: {}\n---\ntext: lost\n", "paths: {}\n"],
);

pub const SYNTAX: Rule = stage(
    "syntax",
    false,
    "the text is not YAML or JSON, or not quite",
    "Where it cannot be read at all, nothing is generated, and this is an error. Where the meaning is clear all the \
     same, it is a warning.",
    ["{\"openapi\": \n", OPERATION],
);

pub const TOO_DEEP: Rule = stage(
    "too-deep",
    true,
    "lists and objects are nested too deep",
    "More levels than are read stand in each other. Nobody writes this by hand; give the inner parts names of their own.",
    NO_EXAMPLE,
);

pub const TOO_MANY: Rule = stage(
    "too-many",
    false,
    "there are more problems than are shown",
    "Correct those that are shown, and run again.",
    NO_EXAMPLE,
);

pub const UNKNOWN_EXTENSION: Rule = stage(
    "unknown-extension",
    true,
    "an extension begins like ours and is none",
    "A misspelt `x-client-…` would say nothing, and a mark of privacy must not be lost so. The message names one that \
     is like it.",
    [
        "\
components:
  schemas:
    Name: {type: string, description: A name, x-client-privacy: safe, x-client-enums: open}
",
        "components:\n  schemas:\n    Name: {type: string, description: A name, x-client-privacy: safe}\n",
    ],
);

pub const UNKNOWN_KEY: Rule = stage(
    "unknown-key",
    false,
    "no object of OpenAPI has this key",
    "It has no effect. Mostly it is a slip of the pen, and the message names the key that is meant.",
    [
        "info: {title: Pets, version: '1', descripton: Animals}\n",
        "info: {title: Pets, version: '1', description: Animals}\n",
    ],
);

pub const UNKNOWN_TAG: Rule = stage(
    "unknown-tag",
    false,
    "a YAML tag means nothing here",
    "Only the tags of YAML's core schema, such as `!!str`, are understood. The value is read as if the tag were not there.",
    ["info: !about {title: Pets, version: '1'}\n", "info: {title: Pets, version: '1'}\n"],
);

pub const UNKNOWN_TYPE: Rule = stage(
    "unknown-type",
    false,
    "JSON Schema does not have this `type`",
    "The types are string, number, integer, boolean, array and object, and null under 3.1. The value is any JSON in \
     the client.",
    [
        "components:\n  schemas:\n    Name: {type: text, description: A name}\n",
        "components:\n  schemas:\n    Name: {type: string, description: A name, x-client-privacy: safe}\n",
    ],
);

pub const UNKNOWN_VALUE: Rule = stage(
    "unknown-value",
    false,
    "a key has a value outside of its list",
    "OpenAPI lists the words that may stand here, and this is none of them.",
    [
        operation!(
            "      parameters:
        - {name: kind, in: query, style: comma, description: Which, schema: {type: string, x-client-privacy: safe}}
"
        ),
        operation!(
            "      parameters:
        - {name: kind, in: query, style: form, description: Which, schema: {type: string, x-client-privacy: safe}}
"
        ),
    ],
);

pub const UNREAD_FILE: Rule = stage(
    "unread-file",
    false,
    "a file beside the document cannot be read",
    "A reference leads to it. The message says why it cannot be read; only files below the document's folder are.",
    NO_EXAMPLE,
);

pub const EMPTY_RANGE: Rule = stage(
    "empty-range",
    false,
    "no value lies between a lower limit and an upper one",
    "One of the two is a slip. Neither is checked before sending.",
    [
        operation!(
            "      parameters:
        - {name: limit, in: query, description: How many, schema: {type: integer, minimum: 9, maximum: 3, x-client-privacy: safe}}
"
        ),
        operation!(
            "      parameters:
        - {name: limit, in: query, description: How many, schema: {type: integer, minimum: 3, maximum: 9, x-client-privacy: safe}}
"
        ),
    ],
);

pub const UNFIT_DEFAULT: Rule = stage(
    "unfit-default",
    false,
    "a default does not fit its schema",
    "The service cannot mean it: it is of another type, or no value of the enum. The client does not say it.",
    [
        operation!(
            "      parameters:
        - {name: limit, in: query, description: How many, schema: {type: integer, default: ten, x-client-privacy: safe}}
"
        ),
        operation!(
            "      parameters:
        - {name: limit, in: query, description: How many, schema: {type: integer, default: 10, x-client-privacy: safe}}
"
        ),
    ],
);

pub const UNSUPPORTED_VERSION: Rule = stage(
    "unsupported-version",
    false,
    "the document is of another version of OpenAPI than 3.0 and 3.1",
    "A document of 3.2 is read as 3.1, with a warning. Any other cannot be read: convert it first.",
    ["openapi: 2.0.0\n", "openapi: 3.0.3\n"],
);

pub const WRONG_TYPE: Rule = stage(
    "wrong-type",
    false,
    "a key has a value of another type than it asks for",
    "The part is left out, and the message says what is expected there.",
    [
        "info: {title: Pets, version: '1', description: [Animals]}\n",
        "info: {title: Pets, version: '1', description: Animals}\n",
    ],
);
