"""JSON Schema (2020-12) of declared classes, made from their declarations.

It describes data as `read` takes them and `write` gives them. Beside the standard's keywords stand `x-kind`, `x-en`,
`x-unit`, `x-choices` and `x-secret`, which say what the declaration says and a validator need not know.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, Final, get_args, get_origin, get_type_hints

import attrs

from munirules.calendar.dates import Precision
from munirules.models.declare import Declaration, alternatives, declaration, is_declared, item_spec
from munirules.models.fields import Spec
from munirules.models.forms import attribute_docs, bound, choices_of, plain_default

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_DAY_EXAMPLES: Final = ["2026-04-01", "R8.4.1", "令和8年4月1日"]
_TYPES: Final = {
    "yen": "integer",
    "sen": "number",
    "count": "integer",
    "quantity": "integer",
    "day": "string",
    "flag": "boolean",
    "choice": "string",
    "code": "string",
    "text": "string",
    "reference": "string",
}


def class_schema(cls: type) -> dict[str, Any]:
    """The schema of one declared class, complete in itself.

    Args:
        cls: a class declared with `@facts`, `@row`, `@result` or `@provision`.

    Raises:
        DeclarationError: for another class.
    """
    schemas = Definitions()
    return {"$schema": DIALECT, **schemas.reference(declaration(cls).cls), "$defs": schemas.definitions}


@attrs.define
class Definitions:
    """Schemas of declared classes that refer to one another, gathered under their names.

    Attributes:
        definitions: what stands under `$defs`.
    """

    definitions: dict[str, dict[str, Any]] = attrs.field(factory=dict)
    _names: dict[type, str] = attrs.field(factory=dict)

    def reference(self, cls: type) -> dict[str, Any]:
        """Return a reference to the schema of a class, which is added where it is not there yet."""
        name = self._names.get(cls)
        if name is None:
            name = self._names[cls] = self._free(cls.__name__)
            self.definitions[name] = {}
            self.definitions[name] = self.record(cls) if is_declared(cls) else self._named(cls)
        return {"$ref": f"#/$defs/{name}"}

    def record(self, cls: type) -> dict[str, Any]:
        """Return the schema of an object of a declared class, its fields included."""
        owner = declaration(cls)
        return {
            "type": "object",
            "title": owner.title,
            "properties": {name: self.field(owner, name) for name in owner.types},
            "required": [name for name in owner.types if name in owner.required],
            "additionalProperties": False,
        }

    def field(self, owner: Declaration, name: str) -> dict[str, Any]:
        """Return the schema of a field."""
        spec = owner.specs[name]
        inner, optional = alternatives(owner.types[name])
        schema: dict[str, Any] = {"title": spec.label}
        told = attribute_docs(owner.cls).get(name)
        if told:
            schema["description"] = told
        schema |= self.value(spec, inner, optional=optional)
        schema["x-kind"] = spec.kind
        for key, said in (("x-en", spec.en), ("x-unit", spec.unit), ("x-secret", spec.secret)):
            if said:
                schema[key] = said
        default = plain_default(attrs.fields_dict(owner.cls)[name], spec)
        if default is not None:
            schema["default"] = default
        return schema

    def value(self, spec: Spec, annotation: Any, *, optional: bool = False) -> dict[str, Any]:
        """Return the schema of a value, of which its spec and annotation tell."""
        schema = self._value(spec, annotation)
        if not optional:
            return schema
        if isinstance(schema.get("type"), str) and "enum" not in schema:
            return {**schema, "type": [schema["type"], "null"]}
        return {"anyOf": [schema, {"type": "null"}]} if schema else schema

    def _value(self, spec: Spec, annotation: Any) -> dict[str, Any]:
        if get_origin(annotation) is tuple:
            return self._rows(annotation)
        if is_declared(annotation) or hasattr(annotation, "_fields"):
            return self.reference(annotation)
        if isinstance(annotation, type) and issubclass(annotation, Enum):
            choices = choices_of(annotation, spec)
            words = {choice["value"]: {"ja": choice["label"], "en": choice["en"]} for choice in choices}
            return {"type": "string", "enum": list(words), "x-choices": words}
        if spec.kind == "rate":
            return {"type": ["string", "integer"], "examples": ["7.75%", "31/400"]}
        if spec.kind == "day":
            whole = {"type": "string", "minLength": 1, "examples": _DAY_EXAMPLES}
            return {"anyOf": [whole, _PARTIAL]} if spec.partial else whole
        if spec.kind not in _TYPES:
            return {"type": "string"} if hasattr(annotation, "parse") else {}
        schema: dict[str, Any] = {"type": _TYPES[spec.kind]}
        if spec.options:
            schema["enum"] = list(spec.options)
        if spec.minimum is not None:
            schema["minimum"] = bound(spec, spec.minimum)
        if spec.maximum is not None:
            schema["maximum"] = bound(spec, spec.maximum)
        return schema

    def _rows(self, annotation: Any) -> dict[str, Any]:
        args = get_args(annotation)
        if len(args) == 2 and args[1] is Ellipsis:
            return {"type": "array", "items": self._item(args[0])}
        return {
            "type": "array",
            "prefixItems": [self._item(arg) for arg in args],
            "minItems": len(args),
            "maxItems": len(args),
        }

    def _item(self, annotation: Any) -> dict[str, Any]:
        inner, optional = alternatives(annotation)
        return self.value(item_spec(inner), inner, optional=optional)

    def _named(self, record: type) -> dict[str, Any]:
        """The schema of a NamedTuple that a rule makes."""
        hints = get_type_hints(record, include_extras=True)
        return {
            "type": "object",
            "properties": {name: self._item(hint) for name, hint in hints.items()},
            "required": list(hints),
            "additionalProperties": False,
        }

    def _free(self, name: str) -> str:
        """A name that no other class of the same name has taken."""
        number, free = 2, name
        while free in self.definitions:
            free, number = f"{name}{number}", number + 1
        return free


_ISO: Final = {"type": ["string", "null"], "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_PARTIAL: Final = {
    "type": "object",
    "title": "一部不明の日付",
    "properties": {
        "earliest": _ISO,
        "latest": _ISO,
        "precision": {"type": "string", "enum": [each.value for each in Precision]},
    },
    "required": ["earliest", "latest", "precision"],
    "additionalProperties": False,
}
