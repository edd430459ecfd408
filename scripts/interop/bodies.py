"""Holds the bodies of agno's requests to the types of the official SDKs.

`bodies.py FOLDER` reads what `tests/tests/interop/bodies.rs` wrote there, one body a file, `API.MODEL.CASE.WAY.json`. A value
of the wrong type and a key the SDK does not know are mistakes, unless ALLOWED says why not. That the check can fail is
proved on the bodies themselves: a key that nobody knows is put into each of its objects in turn, and a list in place of each
of its other values, and each must be seen.
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

# Where a body differs from the SDK's type and is right all the same: the API, a pattern of the mistake, and the reason.
ALLOWED = [
    (
        "anthropic",
        r"^MessageCreateParams(Non)?Streaming\.(temperature|top_p|top_k): Extra inputs",
        "the SDK has left them out since 1.0; the API takes them for the models that have them, and only those are sent them",
    ),
    (
        "anthropic",
        r"^MessageCreateParams(Non)?Streaming\.stream: (Field required|Input should be (False \(it is True|True \(it is False)\))",
        "of the two forms of a body the other one does not fit, which is told beside the mistakes above",
    ),
    (
        "gemini",
        r"\.type: Input should be 'TYPE_UNSPECIFIED', .* \(it is '(string|integer|number|boolean|array|object)'\)$",
        "the SDK's own class of these words takes them in either case, as the API does",
    ),
    (
        "gemini",
        r"\.thinkingLevel: Input should be 'THINKING_LEVEL_UNSPECIFIED', .* \(it is '(minimal|low|medium|high)'\)$",
        "as above; the API's documentation writes them small",
    ),
    (
        "ollama",
        r"^tools\.\d+\.function\.parameters\.",
        "a JSON Schema, of which the SDK has the few keys it makes of a Python function",
    ),
    (
        "ollama",
        r"^messages\.\d+\.(tool_call_id|tool_calls\.\d+\.id): Extra inputs",
        "the server has names for calls, the SDK not yet",
    ),
    (
        "ollama",
        r"^messages\.\d+\.images\.\d+: Input should be an object",
        "the SDK's class writes itself as base64 text",
    ),
]

# Objects that may hold any key: the API and a pattern of their place. What is in them is a JSON Schema, the arguments of a
# call, or the result of one.
FREE = [
    ("openai", r"^\.tools\.\d+\.function\.parameters|^\.response_format\.json_schema\.schema"),
    ("openai-responses", r"^\.tools\.\d+\.parameters|^\.text\.format\.schema"),
    ("anthropic", r"^\.tools\.\d+\.input_schema|^\.messages\.\d+\.content\.\d+\.input|^\.output_config\.format\.schema"),
    ("gemini", r"^\.contents\.\d+\.parts\.\d+\.(functionCall\.args|functionResponse\.response)"),
    ("ollama", r"^\.tools\.\d+\.function\.parameters|^\.format|^\.messages\.\d+\.tool_calls\.\d+\.function\.arguments"),
    ("cohere", r"^\.tools\.\d+\.function\.parameters|^\.response_format\.json_schema"),
    ("mistral", r"^\.tools\.\d+\.function\.parameters|^\.response_format\.json_schema\.schema"),
]

UNKNOWN = "a_key_nobody_knows"


def named(path: str) -> Any:
    """What this path names: `module:name`."""
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(module), name)


def gemini() -> Any:
    """google-genai has the parts of a body; it puts the body together in code."""
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
    """cohere has no type of a body: its client's methods take the fields as arguments."""
    chat = named("cohere.v2.raw_client:RawV2Client").chat
    hints = get_type_hints(chat)
    fields = {
        name: Required[hints[name]] if parameter.default in (inspect.Parameter.empty,) else hints[name]
        for name, parameter in inspect.signature(chat).parameters.items()
        if name not in ("self", "request_options")
    }
    return TypedDict("V2ChatRequest", {**fields, "stream": bool}, total=False)


def ollama() -> Any:
    """ollama's request takes any mapping for a message; its type of a message is the one that is asked here."""
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

# APIs whose requests no SDK here describes, with the reason.
UNCHECKED = {
    "bedrock": "botocore reads its types from data files at run time and has none to check against",
}


def mistakes(api: str, check: Check, text: str | bytes, used: set[int]) -> list[str]:
    """What is wrong with a body and not allowed, deepest first."""
    left = []
    for mistake in check.mistakes(text):
        place = next(
            (at for at, (of, pattern, _) in enumerate(ALLOWED) if of == api and re.search(pattern, mistake)), None
        )
        if place is None:
            left.append(mistake)
        else:
            used.add(place)
    return left


def places(value: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Each value in a body, with its place."""
    yield place, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from places(part, (*place, key))


def broken(body: dict[str, Any], place: tuple[str | int, ...]) -> dict[str, Any]:
    """The body with a mistake there: a key that nobody knows in an object, and a list for a text, number or truth."""
    body = copy.deepcopy(body)
    if not place:
        body[UNKNOWN] = True
        return body
    holder: Any = body
    for key in place[:-1]:
        holder = holder[key]
    value = holder[place[-1]]
    if isinstance(value, dict):
        value[UNKNOWN] = True
    else:
        holder[place[-1]] = [{UNKNOWN: True}]
    return body


def overlooked(api: str, check: Check, body: dict[str, Any], tried: set[Any]) -> list[str]:
    """Puts mistakes into a body, each alone; the places of those that the check did not see. Where another body had the
    same keys in the same place, one mistake there is enough."""
    missed = []
    # What is allowed was there before and says nothing of this.
    before = set(check.mistakes(json.dumps(body)))
    for place, value in places(body):
        name = "".join(f".{key}" for key in place)
        if isinstance(value, list) or any(of == api and re.search(pattern, name) for of, pattern in FREE):
            continue
        shape = (name, tuple(value) if isinstance(value, dict) else type(value))
        if shape in tried:
            continue
        tried.add(shape)
        if not set(check.mistakes(json.dumps(broken(body, place)))) - before:
            missed.append(name or ".")
    return missed


def main() -> int:
    folder = Path(sys.argv[1])
    files = sorted(folder.glob("*.json"))
    wrong, used = 0, set()
    for api in sorted({file.name.partition(".")[0] for file in files} - KINDS.keys() - UNCHECKED.keys()):
        print(f"{api}: no SDK checks its bodies; add it to KINDS, or to UNCHECKED with a reason")
        wrong += 1
    for api, kind in KINDS.items():
        check = Check(kind())
        bodies = [file for file in files if file.name.partition(".")[0] == api]
        if len(bodies) < 30:
            print(f"{api}: {len(bodies)} bodies in {folder}, which is too few; did the tests write them?")
            wrong += 1
        tried: set[Any] = set()
        for file in bodies:
            text = file.read_bytes()
            for mistake in mistakes(api, check, text, used)[:6]:
                print(f"{file.name}: {mistake}")
                wrong += 1
            if file.name.endswith(".streamed.json"):
                continue
            for place in overlooked(api, check, json.loads(text), tried):
                print(f"{file.name}: a mistake put at {place} is not seen")
                wrong += 1
        print(f"{api}: {len(bodies)} bodies, {len(tried)} mistakes put in")
    for at, (api, pattern, _) in enumerate(ALLOWED):
        if at not in used:
            print(f"{api}: nothing needs the allowance for {pattern} any more; take it out")
            wrong += 1
    print("the bodies are what the official SDKs would send" if wrong == 0 else f"{wrong} mistakes")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
