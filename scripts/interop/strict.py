"""Turns an SDK's type into a strict check of JSON text.

The SDKs' types are meant for people who write requests, and are lenient where a check must not be: lists in typed dicts are
validated only on iteration, unknown keys are ignored, text that looks like a number is accepted as a number, and a model's own
validators repair their input. pydantic describes each type with plain data, the core schema. This module makes the core schema
strict and builds a validator from it.
"""

from typing import Any

from pydantic import TypeAdapter
from pydantic_core import SchemaValidator, ValidationError

# Kinds of custom validators that an SDK may wrap around a type.
WRAPPERS = {"function-before", "function-after", "function-wrap"}


class Check:
    """A check that JSON text matches a type."""

    def __init__(self, kind: Any) -> None:
        adapter = TypeAdapter(kind)
        adapter.rebuild(force=True, raise_errors=True)
        self._validator = SchemaValidator(strict(adapter.core_schema))

    def errors(self, text: str | bytes) -> list[str]:
        """Returns the errors with their paths, deepest first, because the best match in a union fails at the deepest path."""
        try:
            self._validator.validate_json(text, strict=True)
        except ValidationError as error:
            details = sorted(error.errors(), key=lambda detail: -len(detail["loc"]))
            return [
                f"{'.'.join(map(str, detail['loc']))}: {detail['msg']} (it is {shortened(detail['input'])})"
                for detail in details
            ]
        return []


def shortened(value: Any) -> str:
    """Returns the representation of a value with at most 80 characters."""
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def strict(node: Any) -> Any:
    """Returns a strict copy of a core schema or of a part of a core schema."""
    if isinstance(node, list):
        return [strict(item) for item in node]
    if isinstance(node, tuple):
        return tuple(strict(item) for item in node)
    if not isinstance(node, dict):
        return node
    kind = node.get("type")
    if not isinstance(kind, str):
        # A map of fields by name. A field may be named `type`.
        return {key: strict(value) for key, value in node.items()}
    if kind == "json-or-python":
        return named(strict(node["json_schema"]), node)
    if kind == "lax-or-strict":
        return named(strict(node["strict_schema"]), node)
    if kind in WRAPPERS:
        return named(strict(node["schema"]), node)
    if kind == "model":
        # A model schema would use the existing validator of the class.
        return named(strict(node["schema"]), node)
    if kind == "union" and any(choice.get("type") == "literal" for choice in node["choices"] if isinstance(choice, dict)):
        # A union of the known literals and any value is reduced to the known literals.
        known = [choice for choice in node["choices"] if not (isinstance(choice, dict) and choice.get("type") == "any")]
        node = {**node, "choices": known}
    if kind == "enum":
        # An enum's class may accept values that are not members.
        return named({"type": "literal", "expected": [member.value for member in node["members"]]}, node)
    # Serialization does not matter here, and metadata is specific to the SDK.
    result = {key: strict(value) for key, value in node.items() if key not in ("serialization", "metadata", "config")}
    if kind == "generator":
        result["type"] = "list"
        result.pop("cls", None)
    elif kind in ("typed-dict", "model-fields"):
        result["extra_behavior"] = "forbid"
        result.pop("extras_schema", None)
        result.pop("extras_keys_schema", None)
    return result


def named(result: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """Returns the core schema with the reference name of the original node."""
    if "ref" in node and "ref" not in result:
        result["ref"] = node["ref"]
    elif "ref" in node and result["ref"] != node["ref"]:
        raise TypeError(f"a type has two reference names: {result['ref']} and {node['ref']}")
    return result

