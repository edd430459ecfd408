"""Holds the bodies of agno's requests to the types of the official SDKs.

`bodies.py FOLDER` reads what `tests/tests/foreign/bodies.rs` wrote there, one body a file, `API.MODEL.CASE.WAY.json`. A value
of the wrong type and a key the SDK does not know are mistakes, unless ALLOWED says why not. That the check can fail is
proved on every whole body: a key that nobody knows is put into each of its objects in turn and must be found.
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


def objects(value: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Each object in a body, with its place."""
    if isinstance(value, dict):
        yield place, value
        for key, inner in value.items():
            yield from objects(inner, f"{place}.{key}")
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from objects(inner, f"{place}.{at}")


def overlooked(api: str, check: Check, body: dict[str, Any]) -> list[str]:
    """Objects of a body into which a key that nobody knows can be put without the check seeing it."""
    missed = []
    for place, _ in objects(body):
        if any(of == api and re.search(pattern, place) for of, pattern in FREE):
            continue
        broken = copy.deepcopy(body)
        next(inner for at, inner in objects(broken) if at == place)[UNKNOWN] = True
        if not any(UNKNOWN in mistake for mistake in check.mistakes(json.dumps(broken))):
            missed.append(place or ".")
    return missed


def main() -> int:
    folder = Path(sys.argv[1])
    files = sorted(folder.glob("*.json"))
    wrong, used = 0, set()
    for api, kind in KINDS.items():
        check = Check(kind())
        bodies = [file for file in files if file.name.partition(".")[0] == api]
        if len(bodies) < 30:
            print(f"{api}: {len(bodies)} bodies in {folder}, which is too few; did the tests write them?")
            wrong += 1
        tried = 0
        for file in bodies:
            text = file.read_bytes()
            for mistake in mistakes(api, check, text, used)[:6]:
                print(f"{file.name}: {mistake}")
                wrong += 1
            if file.name.endswith(".streamed.json"):
                continue
            body = json.loads(text)
            tried += sum(1 for _ in objects(body))
            for place in overlooked(api, check, body):
                print(f"{file.name}: a key nobody knows is not found in the object {place}")
                wrong += 1
        print(f"{api}: {len(bodies)} bodies, {tried} objects tried with a key nobody knows")
    for at, (api, pattern, _) in enumerate(ALLOWED):
        if at not in used:
            print(f"{api}: nothing needs the allowance for {pattern} any more; take it out")
            wrong += 1
    print("the bodies are what the official SDKs would send" if wrong == 0 else f"{wrong} mistakes")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
