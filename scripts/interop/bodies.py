"""Validates agno's request bodies against the types of the official SDKs.

`bodies.py DIRECTORY` reads the files that `tests/tests/interop/bodies.rs` wrote to the directory, one body per file, named
`API.MODEL.CASE.WAY.json`. Values of the wrong type and keys that the SDK does not know are errors, unless ALLOWED contains a
reason. To prove that the check can fail, the script adds an unknown key to each object of a body in turn, replaces each text,
number, boolean and null with a list, and expects an error every time.
"""

import copy
import importlib
import inspect
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Required, get_type_hints

from strict import Check
from typing_extensions import TypedDict

# Allowed differences between a body and the SDK's type, each with the API, a pattern that matches the error, and the reason.
ALLOWED = [
    (
        "anthropic",
        r"^MessageCreateParams(Non)?Streaming\.(temperature|top_p|top_k): Extra inputs",
        "the SDK has omitted these parameters since 1.0; the API accepts them for models that support them, and agno sends them only "
        "to such models",
    ),
    (
        "anthropic",
        r"^MessageCreateParams(Non)?Streaming\.stream: (Field required|Input should be (False \(it is True|True \(it is False)\))",
        "the type is a union of two shapes, and the check also reports errors for the shape that the body does not have",
    ),
    (
        "gemini",
        r"\.type: Input should be 'TYPE_UNSPECIFIED', .* \(it is '(string|integer|number|boolean|array|object)'\)$",
        "the SDK's own enum accepts these values in either case, as the API does",
    ),
    (
        "gemini",
        r"\.thinkingLevel: Input should be 'THINKING_LEVEL_UNSPECIFIED', .* \(it is '(minimal|low|medium|high)'\)$",
        "as above; the API's documentation uses lower case",
    ),
    (
        "ollama",
        r"^tools\.\d+\.function\.parameters\.",
        "a JSON Schema; the SDK has types only for the keys that it generates from Python functions",
    ),
    (
        "ollama",
        r"^messages\.\d+\.(tool_call_id|tool_calls\.\d+\.id): Extra inputs",
        "the server supports call IDs, but the SDK does not yet",
    ),
    (
        "ollama",
        r"^messages\.\d+\.images\.\d+: Input should be an object",
        "the SDK's class is serialized as base64 text",
    ),
]

# Objects that may contain any key, each with the API and a pattern that matches the path. They are JSON Schemas, call arguments
# or call results.
FREE = [
    ("openai", r"^\.tools\.\d+\.function\.parameters|^\.response_format\.json_schema\.schema"),
    ("openai-responses", r"^\.tools\.\d+\.parameters|^\.text\.format\.schema"),
    ("anthropic", r"^\.tools\.\d+\.input_schema|^\.messages\.\d+\.content\.\d+\.input|^\.output_config\.format\.schema"),
    ("gemini", r"^\.contents\.\d+\.parts\.\d+\.(functionCall\.args|functionResponse\.response)"),
    ("ollama", r"^\.tools\.\d+\.function\.parameters|^\.format|^\.messages\.\d+\.tool_calls\.\d+\.function\.arguments"),
    ("cohere", r"^\.tools\.\d+\.function\.parameters|^\.response_format\.json_schema"),
    ("mistral", r"^\.tools\.\d+\.function\.parameters|^\.response_format\.json_schema\.schema"),
]

UNKNOWN = "an_unknown_key"


def named(path: str) -> Any:
    """Returns the object at the path `module:name`."""
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(module), name)


def gemini() -> Any:
    """Returns the type of a Gemini body. google-genai assembles the body in code and has types only for its parts."""
    types = importlib.import_module("google.genai.types")
    return TypedDict(
        "GenerateContentRequest",
        {
            "contents": Required[list[types.Content]],
            "systemInstruction": types.Content,
            "tools": list[types.Tool],
            "toolConfig": types.ToolConfig,
            "generationConfig": types.GenerationConfig,
            "safetySettings": list[types.SafetySetting],
            "cachedContent": str,
        },
        total=False,
    )


def cohere() -> Any:
    """Returns the type of a Cohere body. cohere has no such type; its client's methods accept the fields as arguments."""
    chat = named("cohere.v2.raw_client:RawV2Client").chat
    hints = get_type_hints(chat)
    fields = {
        name: Required[hints[name]] if parameter.default in (inspect.Parameter.empty,) else hints[name]
        for name, parameter in inspect.signature(chat).parameters.items()
        if name not in ("self", "request_options")
    }
    return TypedDict("V2ChatRequest", {**fields, "stream": bool}, total=False)


def ollama() -> Any:
    """Returns the type of an Ollama body. ollama's request type accepts any mapping as a message; this type requires ollama's
    message type."""
    types = importlib.import_module("ollama._types")
    fields = {name: field.annotation for name, field in types.ChatRequest.model_fields.items()}
    fields |= {"model": Required[str], "messages": Required[list[types.Message]], "options": types.Options}
    return TypedDict("ChatRequest", fields, total=False)


KINDS = {
    "openai": lambda: named("openai.types.chat.completion_create_params:CompletionCreateParams"),
    "openai-responses": lambda: named("openai.types.responses.response_create_params:ResponseCreateParams"),
    "anthropic": lambda: named("anthropic.types.message_create_params:MessageCreateParams"),
    "gemini": gemini,
    "ollama": ollama,
    "cohere": cohere,
    "mistral": lambda: named("mistralai.client.models.chatcompletionrequest:ChatCompletionRequest"),
}

# APIs whose bodies are not checked, with the reason.
UNCHECKED = {
    "bedrock": "botocore reads its types from data files at run time and has no Python types to check against",
}


def errors(api: str, check: Check, text: str | bytes, used: set[int]) -> list[str]:
    """Returns the errors of a body that are not allowed, deepest first."""
    remaining = []
    for error in check.errors(text):
        index = next(
            (index for index, (name, pattern, _) in enumerate(ALLOWED) if name == api and re.search(pattern, error)), None
        )
        if index is None:
            remaining.append(error)
        else:
            used.add(index)
    return remaining


def values(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yields each value of a body with its path."""
    yield path, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from values(part, (*path, key))


def corrupt(body: dict[str, Any], path: tuple[str | int, ...]) -> dict[str, Any]:
    """Returns a copy of the body with an error at this path: an unknown key in an object, or a list in place of another
    value."""
    body = copy.deepcopy(body)
    if not path:
        body[UNKNOWN] = True
        return body
    holder: Any = body
    for key in path[:-1]:
        holder = holder[key]
    value = holder[path[-1]]
    if isinstance(value, dict):
        value[UNKNOWN] = True
    else:
        holder[path[-1]] = [{UNKNOWN: True}]
    return body


def overlooked(api: str, check: Check, body: dict[str, Any], tried: set[Any]) -> list[str]:
    """Inserts errors into a body, one at a time, and returns the paths of the errors that the check misses. Skips values that
    were already tried in another body, with the same keys or the same type at the same path."""
    missed = []
    # The unmodified body may contain allowed errors.
    before = set(check.errors(json.dumps(body)))
    for path, value in values(body):
        name = "".join(f".{key}" for key in path)
        if isinstance(value, list) or any(other == api and re.search(pattern, name) for other, pattern in FREE):
            continue
        shape = (name, tuple(value) if isinstance(value, dict) else type(value))
        if shape in tried:
            continue
        tried.add(shape)
        if not set(check.errors(json.dumps(corrupt(body, path)))) - before:
            missed.append(name or ".")
    return missed


def main() -> int:
    """Checks all bodies, and returns 1 if a body has errors or the check misses an inserted error."""
    directory = Path(sys.argv[1])
    files = sorted(directory.glob("*.json"))
    failures, used = 0, set()
    for api in sorted({file.name.partition(".")[0] for file in files} - KINDS.keys() - UNCHECKED.keys()):
        print(f"{api}: no SDK checks its bodies; add it to KINDS, or to UNCHECKED with a reason")
        failures += 1
    for api, kind in KINDS.items():
        check = Check(kind())
        bodies = [file for file in files if file.name.partition(".")[0] == api]
        if len(bodies) < 30:
            print(f"{api}: {directory} has only {len(bodies)} bodies; check that the tests wrote them")
            failures += 1
        tried: set[Any] = set()
        for file in bodies:
            text = file.read_bytes()
            for error in errors(api, check, text, used)[:6]:
                print(f"{file.name}: {error}")
                failures += 1
            if file.name.endswith(".streamed.json"):
                continue
            for path in overlooked(api, check, json.loads(text), tried):
                print(f"{file.name}: the check misses an error inserted at {path}")
                failures += 1
        print(f"{api}: {len(bodies)} bodies, {len(tried)} inserted errors")
    for index, (api, pattern, _) in enumerate(ALLOWED):
        if index not in used:
            print(f"{api}: no body needs the allowance for {pattern}; remove it")
            failures += 1
    print("all bodies match the types of the official SDKs" if failures == 0 else f"{failures} errors")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
