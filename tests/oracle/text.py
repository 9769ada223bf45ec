"""Strings that fit a format, a pattern and a length."""

import re
import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import sre_constants
    import sre_parse

FORMATS = {
    "date": ["2024-02-29", "1999-12-31"],
    "date-time": ["2024-02-29T23:59:59Z", "2024-02-29T12:00:00.123456+05:30"],
    "time": ["12:30:00Z"],
    "duration": ["P1DT12H", "P3W"],
    "uuid": ["5f0c6a3e-8a3b-4b1d-9a55-0d2f6e1c7b90"],
    "email": ["person@example.org"],
    "idn-email": ["person@example.org"],
    "hostname": ["example.org"],
    "ipv4": ["192.0.2.1"],
    "ipv6": ["2001:db8::1"],
    "uri": ["https://example.org/path?a=b#c"],
    "url": ["https://example.org/path"],
    "uri-reference": ["/path?a=b"],
    "uri-template": ["/path/{id}"],
    "json-pointer": ["/a/b"],
    "regex": ["^a+$"],
    "byte": ["dGV4dA==", "+/+/", ""],
    "base64url": ["dGV4dA", "-_-_"],
    "decimal": ["12.50", "-0.001"],
}
PLAIN = ["text", "", "\u00e9\U0001f600 \"\\\n", "null", "1", "true"]


def strings(parts):
    """Yields `(what, string)` for schemas that all hold."""
    least = max([part.get("minLength", 0) for part in parts], default=0)
    most = min([part.get("maxLength", 100_000) for part in parts], default=100_000)
    format_ = next((part["format"] for part in parts if "format" in part), None)
    patterns = [part["pattern"] for part in parts if "pattern" in part]
    if patterns:
        found = [text for times in (0, 1, least, most if most < 200 else 3) for text in matching(patterns[0], times)]
        found += FORMATS.get(format_, []) + PLAIN
        fits = lambda text: least <= len(text) <= most and all(searched(pattern, text) for pattern in patterns)
        yield from named("pattern", dict.fromkeys(filter(fits, found)))
    elif format_ in FORMATS:
        yield from named(f"format {format_}", (text for text in FORMATS[format_] if least <= len(text) <= most))
    else:
        lengths = [(text * (least // max(len(text), 1) + 1))[:max(least, len(text))] for text in PLAIN if text or not least]
        yield from named("string", (text for text in lengths if least <= len(text) <= most))
        yield from (("shortest", "a" * least),)
        if most <= 5_000:
            yield from (("longest", "\u00e9" * most),)


def named(what, texts):
    return ((f"{what} {index}", text) for index, text in enumerate(texts))


def searched(pattern, text):
    try:
        return re.search(pattern, text) is not None
    except re.error:
        return True


def matching(pattern, times):
    """Returns strings that match a pattern; what may be repeated is, as often as `times` and the pattern say."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return alternatives(sre_parse.parse(pattern), times)
    except (re.error, ValueError, KeyError, OverflowError):
        return []


def alternatives(tokens, times):
    found = [""]
    for kind, value in tokens:
        found = [head + tail for head in found for tail in of_token(kind, value, times)][:12]
    return found


def of_token(kind, value, times):
    name = str(kind)
    if name == "LITERAL":
        return [chr(value)]
    if name == "NOT_LITERAL":
        return ["b" if value == ord("a") else "a"]
    if name == "ANY":
        return ["a"]
    if name == "IN":
        return [one_of(value)]
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, most, inner = value
        count = min(max(int(least), times), int(most), 300)
        return [text * count for text in alternatives(inner, times)]
    if name == "SUBPATTERN":
        return alternatives(value[-1], times)
    if name == "BRANCH":
        return [text for branch in value[1] for text in alternatives(branch, times)]
    if name == "AT":
        return [""]
    raise ValueError(name)


CATEGORIES = {
    sre_constants.CATEGORY_DIGIT: "0",
    sre_constants.CATEGORY_WORD: "a",
    sre_constants.CATEGORY_SPACE: " ",
    sre_constants.CATEGORY_NOT_DIGIT: "a",
    sre_constants.CATEGORY_NOT_SPACE: "a",
    sre_constants.CATEGORY_NOT_WORD: "-",
}


def one_of(members):
    if str(members[0][0]) == "NEGATE":
        taken = [member for member in members[1:] if str(member[0]) == "LITERAL"]
        ranges = [member[1] for member in members[1:] if str(member[0]) == "RANGE"]
        literal = {value for _, value in taken}
        is_free = lambda code: code not in literal and not any(low <= code <= high for low, high in ranges)
        return next(chr(code) for code in [*range(97, 123), *range(48, 58), *range(33, 48), 233] if is_free(code))
    kind, value = members[0]
    return {"LITERAL": lambda: chr(value), "RANGE": lambda: chr(value[0])}.get(str(kind), lambda: CATEGORIES[value])()
