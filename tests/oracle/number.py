"""Numbers at and within limits."""

import math

FORMATS = {
    "int8": (-(2**7), 2**7 - 1),
    "int16": (-(2**15), 2**15 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint8": (0, 2**8 - 1),
    "uint16": (0, 2**16 - 1),
    "uint32": (0, 2**32 - 1),
    "uint64": (0, 2**64 - 1),
}


def numbers(ty, parts):
    """Yields `(what, number)` for schemas that all hold."""
    format_ = next((part["format"] for part in parts if "format" in part), None)
    low, high = FORMATS.get(format_, (-(2**53), 2**53)) if ty == "integer" else (-math.inf, math.inf)
    step = next((part["multipleOf"] for part in parts if part.get("multipleOf")), None)
    smallest = step or (1 if ty == "integer" else 0.5)
    for part in parts:
        for bound, exclusive, sign in (("minimum", "exclusiveMinimum", 1), ("maximum", "exclusiveMaximum", -1)):
            limit, edge = part.get(bound), part.get(exclusive)
            if edge is True and limit is not None:
                limit += sign * smallest
            elif is_number(edge):
                limit = edge + sign * smallest
            if is_number(limit):
                low, high = (max(low, limit), high) if sign == 1 else (low, min(high, limit))
    candidates = [("number", 7), ("zero", 0), ("one", 1), ("negative", -3)]
    if ty == "number":
        # A `float` has 24 binary digits.
        large = 1234.5 if format_ == "float" else 123456789.5
        candidates += [("fraction", 0.1), ("negative fraction", -2.25), ("large", large)]
    candidates += [("smallest", low), ("largest", high)]
    if step:
        candidates = [(what, math.ceil(value / step) * step) for what, value in candidates if math.isfinite(value)]
    if ty == "integer":
        candidates = [(what, int(value)) for what, value in candidates if value == int(value)]
        candidates.append(("integer with a fraction of zero", float(max(low, min(high, 5)))))
    seen = []
    for what, value in candidates:
        if low <= value <= high and math.isfinite(value) and (what.endswith("zero") or value not in seen):
            seen.append(value)
            yield what, value


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)
