"""Measures the cases of benches/peers in Agno for Python, with a model that answers immediately.

run.py runs this script, which prints a line `case nanoseconds bytes` for each case. The bytes are the memory of the created
object.
"""

import gc
import statistics
import sys
import time
import tracemalloc

from agno.agent import Agent
from agno.models.base import Model
from agno.models.response import ModelResponse
from agno.tools.function import Function

QUESTION = "What is 2 + 3?"
ROUNDS, TURN = (7, 0.05) if "--short" in sys.argv else (21, 0.3)


class Mock(Model):
    """A model that answers immediately, or calls a tool first."""

    calls = False

    def invoke(self, messages, **_):
        if self.calls:
            last = messages[-1]
            if last.role != "tool":
                call = {"name": "add", "arguments": '{"left":2,"right":3}'}
                calls = [{"id": "call_1", "type": "function", "function": call}]
                return ModelResponse(role="assistant", tool_calls=calls)
            if last.content != "5":
                return ModelResponse(role="assistant", content="wrong")
        return ModelResponse(role="assistant", content="ok")

    async def ainvoke(self, messages, **more):
        return self.invoke(messages, **more)

    def invoke_stream(self, messages, **more):
        yield self.invoke(messages, **more)

    async def ainvoke_stream(self, messages, **more):
        yield self.invoke(messages, **more)

    def _parse_provider_response(self, response, **_):
        return response

    def _parse_provider_response_delta(self, response):
        return response


class Calling(Mock):
    calls = True


def add(left: int, right: int) -> int:
    """Adds two numbers.

    Args:
        left (int): The first number.
        right (int): The second number.
    """
    return left + right


def copies(number):
    """Returns copies of the `add` function, each with a different name."""
    functions = []
    for index in range(number):
        def tool(left: int, right: int) -> int:
            return left + right

        tool.__doc__, tool.__name__ = add.__doc__, f"add_{index}"
        functions.append(tool)
    return functions


TEXT, CALLING, TEN = Mock(id="mock"), Calling(id="mock"), copies(10)


def agent(model=TEXT, tools=None):
    return Agent(model=model, instructions="Answer.", tools=tools, telemetry=False)


def run(subject):
    answer = subject.run(QUESTION).content
    assert answer == "ok", answer


def definition():
    function = Function.from_callable(add)
    function.process_entrypoint()
    return function.to_dict()


def nanoseconds(work):
    """Returns the CPU nanoseconds per execution, as the median of the rounds."""
    times = 1
    while True:
        started = time.process_time()
        for _ in range(times):
            work()
        if time.process_time() - started >= TURN / 4:
            break
        times *= 2
    rounds = []
    for _ in range(ROUNDS):
        started = time.process_time()
        for _ in range(times):
            work()
        rounds.append((time.process_time() - started) / times)
    return statistics.median(rounds) * 1e9


def memory(make):
    """Returns the bytes per object, measured with a hundred objects."""
    make()
    gc.collect()
    tracemalloc.start()
    objects = [make() for _ in range(100)]
    gc.collect()
    size = tracemalloc.get_traced_memory()[0] // len(objects)
    tracemalloc.stop()
    return size


def main():
    bare, adds = agent(), agent(CALLING, [add])
    cases = {
        "create": (agent, True),
        "create with 10 tools": (lambda: agent(tools=TEN), True),
        "run": (lambda: run(bare), False),
        "create and run": (lambda: run(agent()), False),
        "tool run": (lambda: run(adds), False),
        "create and tool run": (lambda: run(agent(CALLING, [add])), False),
        "definition": (definition, False),
    }
    for name, (work, has_memory) in cases.items():
        print(f"{name}\t{nanoseconds(work):.0f}\t{memory(work) if has_memory else '-'}", flush=True)


if __name__ == "__main__":
    main()
