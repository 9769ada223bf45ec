"""Makes instances of a document's schemas, for `cargo xtask oracle`.

Standard input is `{"document": ..., "schemas": [pointer, ...]}`. Each line of output is one instance:

    {"schema": "/components/schemas/Pet", "what": "all, name: longest", "value": {"name": "aaa"}}

`without` is the same value without a property that the schema doesn't name. The script knows the Schema Object of
OpenAPI 3.0 and JSON Schema 2020-12. Whether an instance is valid is for a validator to say: `not`, `if` and overlapping
alternatives of `oneOf` aren't looked at here.
"""

import itertools
import json
import sys
from urllib.parse import quote, unquote

from text import strings
from number import numbers

# Instances of one schema at most, by how deep it is inside of the one that was asked for.
MOST = [160, 24, 6, 2]
# From this depth on, only what is required is made.
SHALLOW = 3
# A property that no schema names.
UNNAMED = "oracleUnnamed"
# The key under which a part has the name of its component.
NAME = "x-component"
ANYTHING = [{"some": ["thing", 1, True, None]}, "text", 7, 0.5, False, ["item"]]


class Impossible(Exception):
    """No instance of a schema can be made."""


def without(schema, *keys):
    return {key: value for key, value in schema.items() if key not in keys}


def one_after_the_other(lists):
    """Takes the first of each list, then the second of each."""
    for several in itertools.zip_longest(*lists, fillvalue=None):
        yield from (made for made in several if made is not None)


def distinct(values):
    seen = set()
    return [value for value in values if not (text := json.dumps(value)) in seen and not seen.add(text)]


class Maker:
    def __init__(self, document):
        self.document = document
        self.is_30 = str(document.get("openapi", "")).startswith("3.0")
        self.cache = {}
        self.components = document.get("components", {}).get("schemas", {})
        # The component that each discriminator belongs to, and the components that extend each one.
        self.owners, self.bases = {}, {}
        for name, schema in self.components.items():
            members = [schema, *schema.get("allOf", [])] if isinstance(schema, dict) else []
            for member in members:
                if "discriminator" in member:
                    self.owners[id(member["discriminator"])] = name
            self.bases[name] = {self.name(member.get("$ref")) for member in members[1:]} - {None}

    @staticmethod
    def name(reference):
        prefix = "#/components/schemas/"
        return reference[len(prefix):] if isinstance(reference, str) and reference.startswith(prefix) else None

    def at(self, pointer):
        node = self.document
        for step in pointer.split("/")[1:]:
            step = step.replace("~1", "/").replace("~0", "~")
            try:
                node = node[int(step)] if isinstance(node, list) else node[step]
            except (KeyError, IndexError):
                raise Impossible from None
        return node

    def target(self, reference):
        if not reference.startswith("#"):
            raise Impossible
        return self.at(unquote(reference[1:]))

    def parts(self, schema, seen=frozenset(), name=None):
        """Returns the schemas that all hold for an instance of this one: references and `allOf` are taken apart."""
        if schema is False:
            raise Impossible
        if not isinstance(schema, dict):
            return []
        reference, found = schema.get("$ref"), []
        if isinstance(reference, str):
            if reference not in seen:
                found = self.parts(self.target(reference), seen | {reference}, self.name(reference))
            if self.is_30:
                return found
        found.append({**without(schema, "$ref", "allOf"), NAME: name})
        for member in schema.get("allOf", []):
            found += self.parts(member, seen)
        return found

    def make(self, schema, depth):
        """Returns `(what, value)` of instances of a schema; the first is the plainest."""
        key = (json.dumps(schema), min(depth, SHALLOW))
        if key not in self.cache:
            if depth >= SHALLOW:
                # Another instance of itself is required: an alternative without one has to be found.
                self.cache[key] = []
            self.cache[key] = list(itertools.islice(self.instances(self.parts(schema), depth), MOST[key[1]]))
        if not self.cache[key]:
            raise Impossible
        return self.cache[key]

    def instances(self, parts, depth, done=frozenset()):
        branches = self.branches(parts, done)
        if branches is None:
            yield from self.plain(parts, depth)
            return
        choices, done = branches
        lists = []
        for label, chosen in choices:
            try:
                made = itertools.islice(self.instances(chosen, depth, done), MOST[min(depth, SHALLOW)])
                lists.append([(f"{label} {what}", value) for what, value in made])
            except Impossible:
                continue
            if depth >= SHALLOW and lists[-1]:
                break
        yield from one_after_the_other(lists)

    def branches(self, parts, done):
        """Returns what each branch of the first union adds to the other schemas; none where there is no union."""
        for index, part in enumerate(parts):
            others = parts[:index] + parts[index + 1:]
            for key in ("oneOf", "anyOf"):
                if part.get(key):
                    rest = [*others, without(part, key, "discriminator")]
                    found = []
                    for number, branch in enumerate(part[key]):
                        for tag in self.tags(part, branch) or [None]:
                            label = f"{key}/{number}" if tag is None else f"{key}/{number} as {tag}"
                            try:
                                found.append((label, rest + self.tagged(part, tag, self.parts(branch) if branch else [])))
                            except Impossible:
                                pass
                    return found, done
            discriminator = part.get("discriminator")
            owner = self.owners.get(id(discriminator))
            if isinstance(discriminator, dict) and owner and id(discriminator) not in done:
                found = []
                present = {part.get(NAME) for part in parts}
                for tag, name in self.subtypes(discriminator, owner, present):
                    chosen = self.parts({"$ref": f"#/components/schemas/{name}"}) if name not in present else []
                    found.append((f"as {tag}", parts + self.tagged(part, tag, chosen)))
                if found:
                    return found, done | {id(discriminator)}
        return None

    def tags(self, part, branch):
        """Returns the values of the discriminator that choose a branch."""
        reference = branch.get("$ref") if isinstance(branch, dict) else None
        if "discriminator" not in part or not isinstance(reference, str):
            return []
        mapping = part["discriminator"].get("mapping") or {}
        mapped = [tag for tag, target in mapping.items() if target in (reference, self.name(reference))]
        return mapped or [reference.rsplit("/")[-1]]

    def extending(self, name):
        """Returns the components that extend one, and itself."""
        found, grown = {name}, 0
        while len(found) > grown:
            grown = len(found)
            found |= {other for other, bases in self.bases.items() if bases & found}
        return found

    def subtypes(self, discriminator, owner, present):
        """Returns the tags of a hierarchy's base, with the components that they choose below those already there."""
        extending = self.extending(owner)
        mapping = discriminator.get("mapping") or {}
        named = {tag: self.name(target) or target for tag, target in mapping.items()}
        implied = {name: name for name in sorted(extending - {owner} - set(named.values()))}
        for name in present & extending:
            extending &= self.extending(name)
        return [(tag, name) for tag, name in {**named, **implied}.items() if name in extending]

    def tagged(self, part, tag, parts):
        """Adds the tag to a branch, unless the branch says itself which one it has."""
        name = (part.get("discriminator") or {}).get("propertyName")
        if tag is None or name is None:
            return parts
        own = [self.parts(it["properties"][name]) for it in [*parts, part] if name in it.get("properties", {})]
        own = list(itertools.chain(*own))
        required = {"required": [name], "type": "object"}
        if any("enum" in it or "const" in it for it in own):
            fixed = [it for it in own if "const" in it or len(it.get("enum", [])) == 1]
            if fixed or not any(tag in it.get("enum", []) for it in own):
                return [*parts, required]
        types = [it.get("type") for it in own]
        if "boolean" in types or "integer" in types:
            tag = json.loads(tag)
        return [*parts, required, {"properties": {name: {"const": tag}}}]

    def plain(self, parts, depth):
        """Makes instances of schemas without unions."""
        is_null = any(part.get("nullable") is True or "null" in listed(part.get("type")) for part in parts)
        constants = [[part["const"]] for part in parts if "const" in part]
        constants += [part["enum"] for part in parts if isinstance(part.get("enum"), list)]
        if constants:
            values = [value for value in constants[0] if all(value in others for others in constants[1:])]
            yield from ((f"value {value!r}", value) for value in values)
            if is_null and None not in values:
                yield "null", None
            return
        lists = [list(self.typed(ty, parts, depth)) for ty in types(parts)]
        yield from one_after_the_other(lists)
        if is_null:
            yield "null", None

    def typed(self, ty, parts, depth):
        if ty == "object":
            yield from self.objects(parts, depth)
        elif ty == "array":
            yield from self.arrays(parts, depth)
        elif ty == "string":
            yield from strings(parts)
        elif ty in ("integer", "number"):
            yield from numbers(ty, parts)
        elif ty == "boolean":
            yield from [("true", True), ("false", False)]
        elif ty == "any":
            yield from ((f"anything {index}", value) for index, value in enumerate(ANYTHING))

    def arrays(self, parts, depth):
        least = max([part.get("minItems", 0) for part in parts])
        most = min([part.get("maxItems", 1000) for part in parts])
        items = {"allOf": [part["items"] for part in parts if "items" in part]}
        first = [self.make(item, depth + 1)[0][1] for part in parts for item in part.get("prefixItems", [])]
        if depth >= SHALLOW and least == 0:
            yield "no items", []
            return
        try:
            made = self.make(items, depth + 1) if most > len(first) else []
        except Impossible:
            made = []
        values = [value for _, value in made]
        if any(part.get("uniqueItems") for part in parts):
            values = distinct(values)
            repeated = values
        else:
            repeated = list(itertools.islice(itertools.cycle(values), max(least, 60))) if values else []
        plain = first + repeated[:max(least - len(first), 1)]
        if len(plain) < least:
            raise Impossible
        yield "one item", plain[:most]
        if least == 0:
            yield "no items", []
        yield "items of each kind", (first + values + repeated[:max(0, least - len(first) - len(values))])[:most]
        if most <= 60 and len(first + repeated) >= most:
            yield "most items", (first + repeated)[:most]
        yield from ((f"item: {what}", (first + [value] * max(least, 1))[:most]) for what, value in made[1:])

    def objects(self, parts, depth):
        properties, required, open_to = {}, [], None
        for part in parts:
            for name, schema in part.get("properties", {}).items():
                properties.setdefault(name, []).append(schema)
            required += [name for name in part.get("required", []) if name not in required]
            others = part.get("additionalProperties", part.get("unevaluatedProperties"))
            open_to = others if open_to is None else open_to
        made = {}
        for name in list(properties) + [name for name in required if name not in properties]:
            if depth >= SHALLOW and name not in required:
                continue
            schemas = properties.get(name) or [open_to if isinstance(open_to, dict) else {}]
            try:
                made[name] = self.make(schemas[0] if len(schemas) == 1 else {"allOf": schemas}, depth + 1)
            except Impossible:
                made[name] = []
            if not made[name]:
                if name in required:
                    raise Impossible
                del made[name]
        least = {name: options[0][1] for name, options in made.items() if name in required}
        full = {name: options[0][1] for name, options in made.items()}
        others = self.others(parts, open_to, depth)
        while len(full) < max(part.get("minProperties", 0) for part in parts) and others:
            full[f"other{len(full)}"] = others[0][1]
        yield ("all", full) if depth < SHALLOW else ("required", least)
        if least != full:
            yield "required", least
        if others:
            yield "other properties", {**full, "other key": others[0][1], "other.key/2": others[-1][1]}
        lists = [
            [(f"{name}: {what}", {**full, name: value}) for what, value in options[1:]] for name, options in made.items()
        ]
        lists.append([(f"other property: {what}", {**full, "other": value}) for what, value in others[1:]])
        yield from one_after_the_other(lists)

    def others(self, parts, open_to, depth):
        """Makes values of properties that have no name."""
        if not (open_to is True or isinstance(open_to, dict)) or depth >= SHALLOW:
            return []
        try:
            return self.make(open_to or {}, depth + 1) if isinstance(open_to, dict) else list(self.typed("any", [], 0))
        except Impossible:
            return []


def listed(value):
    return value if isinstance(value, list) else [value]


KEYWORDS = {
    "object": ["properties", "additionalProperties", "required", "patternProperties", "minProperties"],
    "array": ["items", "prefixItems", "minItems"],
    "string": ["pattern", "minLength", "maxLength", "format"],
    "number": ["minimum", "maximum", "multipleOf"],
}


def types(parts):
    """Returns the types that an instance of all the schemas may have."""
    allowed = None
    for part in parts:
        if "type" in part:
            own = set(listed(part["type"]))
            own |= {"integer"} if "number" in own else set()
            allowed = own if allowed is None else allowed & own
    if allowed is None:
        implied = [ty for ty, keys in KEYWORDS.items() if any(key in part for part in parts for key in keys)]
        return implied or ["any"]
    if "number" in allowed:
        allowed.discard("integer")
    return sorted(allowed - {"null"})


def main():
    asked = json.load(sys.stdin)
    maker = Maker(asked["document"])
    for pointer in asked["schemas"]:
        try:
            made = maker.make({"$ref": "#" + quote(pointer, safe="/~")}, 0)
        except Impossible:
            continue
        for what, value in made:
            print(json.dumps({"schema": pointer, "what": what.strip(), "value": value}))
        whole = next((value for _, value in made if isinstance(value, dict)), None)
        if whole:
            line = {"schema": pointer, "what": "unnamed property", "value": {**whole, UNNAMED: [1]}, "without": whole}
            print(json.dumps(line))


main()
