//! What lower reports by itself, explained like a rule.

use super::Rule;
use super::operation::OPERATION;
use super::stage::{block, operation, pet, stage};

/// A pet as it should be.
const PET: &str = block!(
    "      type: object
      properties:
        name: {type: string, description: A name, x-client-privacy: safe}
"
);

pub const BAD_EXTENSION: Rule = stage(
    "bad-extension",
    true,
    "the value of an extension of ours cannot be read",
    "An extension that says nothing must not pass for one that does. The message names what may stand there.",
    [operation!("      x-client-repeatable: maybe\n"), operation!("      x-client-repeatable: true\n")],
);

pub const BINARY_IN_JSON: Rule = stage(
    "binary-in-json",
    false,
    "an object with files is a multipart body here and JSON elsewhere",
    "JSON cannot carry bytes. Give the multipart body a schema of its own.",
    ["", ""],
);

pub const CALLBACK_WITHOUT_EVENT: Rule = stage(
    "callback-without-event",
    false,
    "a callback or webhook does not say which event it delivers",
    "What it delivers is not generated. Name the event with `x-client-event`, and the shape of deliveries with \
     `x-client-webhooks` at the document's root.",
    [
        "\
openapi: 3.1.0
webhooks: {born: {post: {operationId: onBorn, summary: A pet was born, responses: {'200': {description: Taken}}}}}
",
        super::event::EVENT_WITHOUT_DUPLICATE_KEY.right,
    ],
);

pub const CONFLICTING_PROPERTY: Rule = stage(
    "conflicting-property",
    false,
    "members of an `allOf` give one property different types",
    "No value can be of both types. The first one is used.",
    [
        block!(
            "      allOf:
        - {type: object, properties: {id: {type: string, description: Its id, x-client-privacy: safe}}}
        - {type: object, properties: {id: {type: integer, description: Its id, x-client-privacy: safe}}}
"
        ),
        block!(
            "      allOf:
        - {type: object, properties: {id: {type: string, description: Its id, x-client-privacy: safe}}}
        - {type: object, properties: {age: {type: integer, description: In years, x-client-privacy: safe}}}
"
        ),
    ],
);

pub const DUPLICATE_ENUM_VALUE: Rule = stage(
    "duplicate-enum-value",
    false,
    "an enum lists a value twice",
    "It counts once. Perhaps another value was meant.",
    [
        pet!("type: string, enum: [cat, dog, cat], x-client-enum: open, x-client-privacy: safe"),
        pet!("type: string, enum: [cat, dog], x-client-enum: open, x-client-privacy: safe"),
    ],
);

pub const EVENT_WITHOUT_PAYLOAD: Rule = stage(
    "event-without-payload",
    false,
    "the body of a delivery has no property for the payload",
    "`x-client-webhooks` names the property that holds it, and the body of this event has none of that name. The event \
     is left out.",
    [
        "\
openapi: 3.1.0
x-client-webhooks: {name: event, payload: data}
webhooks:
  born: {post: {operationId: onBorn, summary: A pet was born, x-client-event: {name: born}, responses: {'200': {description: Taken}}}}
",
        super::event::EVENT_WITHOUT_DUPLICATE_KEY.right,
    ],
);

pub const MEDIA_TYPE_LEFT_OUT: Rule = stage(
    "media-type-left-out",
    false,
    "one of a body's media types cannot carry its files",
    "The body holds files, which multipart can carry and this media type cannot. It is left out; give it a schema of \
     its own, without `format: binary`.",
    ["", ""],
);

pub const MISSING_ITEMS: Rule = stage(
    "missing-items",
    false,
    "an array does not say what its items are",
    "OpenAPI 3.0 requires `items`. The items are any JSON in the client.",
    [
        block!(
            "      type: object
      properties:
        names: {type: array, description: Its names}
"
        ),
        block!(
            "      type: object
      properties:
        names: {type: array, description: Its names, items: {type: string, x-client-privacy: safe}}
"
        ),
    ],
);

pub const MISSING_OPERATION_ID: Rule = stage(
    "missing-operation-id",
    false,
    "an operation has no `operationId`",
    "Its method is then named by HTTP method and path, and a path that changes renames the method for every caller.",
    [
        "\
paths:
  /pets:
    get:
      summary: Lists the pets
      tags: [pets]
      responses:
        '200': {description: All of them}
        '429': {description: Too many requests}
",
        OPERATION,
    ],
);

pub const MISSING_PATH_PARAMETER: Rule = stage(
    "missing-path-parameter",
    false,
    "a path names a parameter that nothing declares",
    "The argument is a plain string without documentation. Declare it under `parameters`, with `in: path`.",
    [
        "\
paths:
  /pets/{id}:
    get:
      operationId: getPet
      summary: Gives a pet
      tags: [pets]
      responses:
        '200': {description: The pet}
        '429': {description: Too many requests}
",
        "\
paths:
  /pets/{id}:
    get:
      operationId: getPet
      summary: Gives a pet
      tags: [pets]
      parameters:
        - {name: id, in: path, required: true, description: Which, schema: {type: string, x-client-privacy: safe}}
      responses:
        '200': {description: The pet}
        '429': {description: Too many requests}
",
    ],
);

pub const NAME_COLLISION: Rule = stage(
    "name-collision",
    false,
    "two things want one name in Rust",
    "The second gets a number, which says nothing. Settle one of the names with `x-client-name`.",
    [
        block!(
            "      type: object
      properties:
        petName: {type: string, description: Its name, x-client-privacy: safe}
        pet_name: {type: string, description: Its old name, x-client-privacy: safe}
"
        ),
        block!(
            "      type: object
      properties:
        petName: {type: string, description: Its name, x-client-privacy: safe}
        pet_name: {type: string, description: Its old name, x-client-privacy: safe, x-client-name: old_name}
"
        ),
    ],
);

pub const NESTED_TOO_DEEP: Rule = stage(
    "nested-too-deep",
    false,
    "arrays and maps without names stand in each other too deep",
    "Nobody can read a type of so many levels. The innermost is any JSON; give the inner schema a name under \
     `components.schemas`.",
    ["", ""],
);

pub const REFERENCE_CIRCLE: Rule = stage(
    "reference-circle",
    false,
    "a schema refers to itself and to nothing else",
    "It describes nothing, and is any JSON in the client. Give it a type.",
    [pet!("allOf: [{$ref: '#/components/schemas/Pet'}]"), PET],
);

pub const UNION_CIRCLE: Rule = stage(
    "union-circle",
    false,
    "an alternative of a union leads back to the union",
    "Deciding which alternative a value is would never end, so the alternative is left out. Let one of the two list \
     the other's alternatives, or put an object between them.",
    [
        concat!(
            "components:\n  schemas:\n",
            "    A: {description: One, oneOf: [{$ref: '#/components/schemas/B'}, {type: string, x-client-privacy: safe}]}\n",
            "    B: {description: Other, oneOf: [{$ref: '#/components/schemas/A'}, {type: boolean, x-client-privacy: safe}]}\n",
            "\
paths:
  /pets:
    get:
      operationId: getPet
      summary: Gives the pet
      tags: [pets]
",
            "      responses:\n        '200':\n          description: The pet\n",
            "          content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}\n",
            "        '429': {description: Too many requests}\n"
        ),
        PET,
    ],
);

pub const UNKNOWN_PATH_PARAMETER: Rule = stage(
    "unknown-path-parameter",
    false,
    "a path parameter is no part of the path",
    "It has nowhere to go. Add it to the path, or remove it.",
    [
        operation!(
            "      parameters:
        - {name: id, in: path, required: true, description: Which, schema: {type: string, x-client-privacy: safe}}
"
        ),
        OPERATION,
    ],
);

pub const UNKNOWN_REQUIRED: Rule = stage(
    "unknown-required",
    false,
    "`required` lists what is no property",
    "Every value would have to hold it, and nothing says what it is. Often it is a slip of the pen.",
    [
        block!(
            "      type: object
      required: [nme]
      properties:
        name: {type: string, description: A name, x-client-privacy: safe}
"
        ),
        block!(
            "      type: object
      required: [name]
      properties:
        name: {type: string, description: A name, x-client-privacy: safe}
"
        ),
    ],
);

pub const UNKNOWN_SECURITY: Rule = stage(
    "unknown-security",
    false,
    "a security requirement names a scheme that is not declared",
    "The client cannot send that credential. Declare it under `components.securitySchemes`.",
    [
        operation!("      security: [{Kee: []}]\n"),
        "\
components: {securitySchemes: {Key: {type: apiKey, in: header, name: X-Key}}}
security: [{Key: []}]
",
    ],
);

pub const UNKNOWN_SERVER_VARIABLE: Rule = stage(
    "unknown-server-variable",
    false,
    "a server's URL names a variable that is not declared",
    "Nobody knows what to fill in, and the server is left out. Declare it under `variables`, with a default.",
    [
        "servers: [{url: 'https://{region}.pets.example'}]\n",
        "servers: [{url: 'https://{region}.pets.example', variables: {region: {default: eu, description: Where}}}]\n",
    ],
);

pub const UNRESOLVED_REFERENCE: Rule = stage(
    "unresolved-reference",
    false,
    "a reference leads nowhere",
    "What it names is not there, or lies outside of the document's folder. A value is any JSON then, and any other part, \
     such as a callback, is left out.",
    [
        "\
paths:
  /pets:
    get:
      operationId: getPet
      summary: Gives the pet
      tags: [pets]
      responses:
        '200':
          description: The pet
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
        '429': {description: Too many requests}
",
        PET,
    ],
);

pub const UNSUPPORTED_BODY: Rule = stage(
    "unsupported-body",
    false,
    "a multipart body does not describe its parts",
    "The client cannot write it, and the body is left out. Give it a schema with a property for each part.",
    [
        "\
paths:
  /pets:
    put:
      operationId: setPets
      summary: Sets the pets
      tags: [pets]
      requestBody: {content: {multipart/form-data: {}}}
      responses:
        '204': {description: Done}
        '429': {description: Too many requests}
",
        OPERATION,
    ],
);

pub const UNSUPPORTED_PATTERN: Rule = stage(
    "unsupported-pattern",
    false,
    "a pattern is not checked before a request is sent",
    "The client carries no engine for patterns. It checks those that are a row of characters and classes from the start \
     of the text, such as `^[0-9]{10}$`; all others are the server's to check.",
    [
        operation!(
            "      parameters:
        - name: kind
          in: query
          description: Which
          schema: {type: string, pattern: '^(cat|dog)', x-client-privacy: safe}
"
        ),
        operation!(
            "      parameters:
        - name: kind
          in: query
          description: Which
          schema: {type: string, pattern: '^[a-z]{3}$', x-client-privacy: safe}
"
        ),
    ],
);

pub const UNSUPPORTED_SECURITY: Rule = stage(
    "unsupported-security",
    false,
    "the client cannot send this kind of credential",
    "Keys, basic and bearer authentication are supported. The operations are generated, and their calls go without it.",
    [
        "components: {securitySchemes: {Digest: {type: http, scheme: digest}}}\nsecurity: [{Digest: []}]\n",
        "components: {securitySchemes: {Basic: {type: http, scheme: basic}}}\nsecurity: [{Basic: []}]\n",
    ],
);
