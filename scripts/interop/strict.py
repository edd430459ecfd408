"""Makes a type of somebody's SDK into a check of JSON text that lets nothing pass unseen.

The SDKs' types are made for people who write requests, and lenient where a check must not be: a list of a typed dict is read
when somebody walks it, a key the type does not know is ignored, a text that looks like a number is one, and a model's
own validators mend what they are given. pydantic describes each type as plain data, its core schema; here that description is
made strict and read anew.
"""

from typing import Any

from pydantic import TypeAdapter
from pydantic_core import SchemaValidator, ValidationError

# Validators of an SDK's own around what it describes. What they wrap is the type.
WRAPPERS = {"function-before", "function-after", "function-wrap"}


class Check:
    """Whether JSON text is of a type."""

    def __init__(self, kind: Any) -> None:
        adapter = TypeAdapter(kind)
        adapter.rebuild(force=True, raise_errors=True)
        self._validator = SchemaValidator(strict(adapter.core_schema))

    def mistakes(self, text: str | bytes) -> list[str]:
        """What is wrong with it, each with its place, the places deepest inside first: in a union the branch that fits
        best fails last."""
        try:
            self._validator.validate_json(text, strict=True)
        except ValidationError as error:
            found = sorted(error.errors(), key=lambda mistake: -len(mistake["loc"]))
            return [
                f"{'.'.join(map(str, mistake['loc']))}: {mistake['msg']} (it is {shortened(mistake['input'])})"
                for mistake in found
            ]
        return []


def shortened(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def strict(node: Any) -> Any:
    """The description of a type, made strict."""
    if isinstance(node, list):
        return [strict(item) for item in node]
    if isinstance(node, tuple):
        return tuple(strict(item) for item in node)
    if not isinstance(node, dict):
        return node
    kind = node.get("type")
    if not isinstance(kind, str):
        # Fields by their names, one of which may be `type`.
        return {key: strict(value) for key, value in node.items()}
    if kind == "json-or-python":
        return named(strict(node["json_schema"]), node)
    if kind == "lax-or-strict":
        return named(strict(node["strict_schema"]), node)
    if kind in WRAPPERS:
        return named(strict(node["schema"]), node)
    if kind == "model":
        # The model itself would be read by the validator its class already has.
        return named(strict(node["schema"]), node)
    if kind == "union" and any(choice.get("type") == "literal" for choice in node["choices"] if isinstance(choice, dict)):
        # The words of today, or anything: the words of today.
        words = [choice for choice in node["choices"] if not (isinstance(choice, dict) and choice.get("type") == "any")]
        node = {**node, "choices": words}
    if kind == "enum":
        # An enum's own class may take what is not among its values.
        return named({"type": "literal", "expected": [member.value for member in node["members"]]}, node)
    # How a value is written is not asked here, and metadata holds what only its makers understand.
    made = {key: strict(value) for key, value in node.items() if key not in ("serialization", "metadata", "config")}
    if kind == "generator":
        made["type"] = "list"
        made.pop("cls", None)
    elif kind in ("typed-dict", "model-fields"):
        made["extra_behavior"] = "forbid"
        made.pop("extras_schema", None)
        made.pop("extras_keys_schema", None)
    return made


def named(made: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """Under the name others refer to it by."""
    if "ref" in node and "ref" not in made:
        made["ref"] = node["ref"]
    elif "ref" in node and made["ref"] != node["ref"]:
        raise TypeError(f"two names of one type: {made['ref']} and {node['ref']}")
    return made

