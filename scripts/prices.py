#!/usr/bin/env python3
"""Writes agno/src/pricing/prices.tsv, agno's built-in prices, from the `genai-prices` package.

    python3 scripts/prices.py

The script installs the version below with pip into a temporary directory, and writes a row for every name whose price is
certain. Before it writes the rows, it checks them against the package. Every name in the data, and the name of every row
followed by a date, must have the price of the model that the package finds for the name, or no price. Short and long requests
must cost the same with the rows and with the package. A wrong price is worse than no price, so the script omits the following
and counts them at the end:

- models without prices for text input and text output, and models that do not chat, such as models for embeddings, images and
  speech;
- models that the data marks as deprecated;
- prices that a `Price` cannot express: fees per request or per minute, separate prices for images, video, reasoning or citations,
  prices that depend on the time of day (DeepSeek's), and prices that increase with the prompt length in more than one step;
- prices with a known future change;
- names that end in `latest`, because their model can change, and names of fine-tuned models, which end in text from a customer;
- names that only a pattern matches, and names that the provider's own API does not accept, such as other routers' names;
- all names of Azure, where a deployment's name reveals neither the model nor the region, and of Zhipu in China, whose prices are
  in yuan.

The data also contains prices for batches, faster and slower tiers, one-hour caches, and searches by the provider, which the
rows omit. Bedrock names without a region, or with the `us.` prefix, have the prices of the United States. To update the prices,
set VERSION and DATE, run this script, and review the difference.
"""

import collections
import datetime
import re
import subprocess
import sys
import sysconfig
import tempfile
import venv
from decimal import Decimal
from pathlib import Path

VERSION = "0.2.3"
# A day on which this version was the newest; the script writes the prices that the package has for that day.
DATE = datetime.date(2026, 11, 22)

ROOT = Path(__file__).resolve().parent.parent
INTO = ROOT / "agno/src/pricing/prices.tsv"
KNOWN = ROOT / "agno/src/provider/table.rs"

# Providers in the package, with their names in agno.
PROVIDERS = {
    "openai": "openai",
    "anthropic": "anthropic",
    "google": "gemini",
    "aws": "bedrock",
    "cohere": "cohere",
    "deepseek": "deepseek",
    "groq": "groq",
    "openrouter": "openrouter",
    "together": "together",
    "x-ai": "xai",
    "fireworks": "fireworks",
    "cerebras": "cerebras",
    "perplexity": "perplexity",
    "zai": "zai",
    "moonshotai": "moonshot",
    "minimax": "minimax",
    "mistral": "mistral",
}
# Hugging Face's router forwards a request to the server named after a colon, at that server's price.
ROUTED = "huggingface_"

NOT_CHAT = re.compile(
    r"embed|rerank|moderation|whisper|(?<![a-z])tts|transcri|(?<![a-z])image(?![a-z])|realtime|(?<![a-z])live(?![a-z])"
    r"|native-audio|sonic|(?<![a-z])ocr|davinci|curie|babbage|(?<![a-z])ada(?![a-z])|turbo-instruct|robotics"
)
# Prices of additional services of a request, or of tokens that agno does not count separately.
IGNORED = {"web_searches_kcount", "storage_searches_kcount", "cache_write_1h_mtok", "cache_audio_read_mtok"}
COLUMN_OF = {
    "input_mtok": "input",
    "output_mtok": "output",
    "cache_read_mtok": "cached",
    "cache_write_mtok": "cache_written",
    "input_audio_mtok": "audio_input",
    "output_audio_mtok": "audio_output",
}
COLUMNS = ["input", "output", "cached", "cache_written", "audio_input", "audio_output"]


class LeftOut(Exception):
    """The reason why a model or a name has no row."""


def is_api_name(provider, name):
    """Returns `True` if the name has a format that the provider's API accepts."""
    if name.startswith((f"{provider}/", f"{provider}:", "/")) or name != name.strip() or "\t" in name:
        return False
    return {
        # Claude and the models of other vendors are on Vertex AI, not on the Gemini API.
        "google": name.startswith(("gemini", "gemma")) and not name.endswith("-maas"),
        # OpenAI publishes the weights of gpt-oss but does not serve them.
        "openai": not name.startswith(("gpt-oss", "ft:")) and ".ft-" not in name,
        # Every name is `vendor/model`.
        "openrouter": "/" in name,
        # Every name is `vendor.model`, with an optional `region.` prefix; only the package uses the `regional.` prefix.
        "aws": re.match(r"[a-z0-9]+(-gov)?\.[a-z]", name) and not name.startswith("regional."),
    }.get(provider, True)


def rates(model):
    """Returns the model's prices on DATE by column, the number of tokens above which prompts are long, and the prices of long
    prompts."""
    times = [datetime.datetime.combine(DATE, datetime.time(hour), datetime.UTC) for hour in range(24)]
    prices = model.get_prices(times[0])
    if any(model.get_prices(time) != prices for time in times):
        raise LeftOut("the price depends on the time of day")
    stored = {key: value for key, value in prices.__dict__.items() if value is not None}
    if "input_mtok" not in stored or "output_mtok" not in stored:
        raise LeftOut("no price for text input and text output")
    if model.deprecated:
        raise LeftOut("deprecated")
    if others := stored.keys() - COLUMN_OF.keys() - IGNORED:
        raise LeftOut("priced by " + ", ".join(sorted(others)))
    if any(changes(model)):
        raise LeftOut("the price has a known future change")
    if re.search("audio|voxtral", model.id) and "input_audio_mtok" not in stored:
        raise LeftOut("no price for audio")
    tiered = {key: value for key, value in stored.items() if hasattr(value, "tiers") and key in COLUMN_OF}
    starts = {tuple(tier.start for tier in value.tiers) for value in tiered.values()}
    if len(starts) > 1 or any(len(start) != 1 for start in starts):
        raise LeftOut("more than one step by prompt length")
    base = {COLUMN_OF[key]: getattr(value, "base", value) for key, value in stored.items() if key in COLUMN_OF}
    if not starts:
        return base, None, None
    above = next(iter(starts))[0]
    long = {
        COLUMN_OF[key]: value.tiers[0].price if key in tiered else value
        for key, value in stored.items()
        if key in COLUMN_OF
    }
    return base, above, long


def changes(model):
    """Returns the future dates on which the price changes."""
    listed = model.prices if isinstance(model.prices, list) else []
    starts = [getattr(price.constraint, "start_date", None) for price in listed]
    return [start for start in starts if start is not None and start > DATE]


def texts(clause):
    """Yields the strings that a clause compares names with."""
    for value in vars(clause).values():
        if isinstance(value, list):
            for inner in value:
                yield from texts(inner)
        elif type(clause).__name__ == "ClauseStartsWith":
            # Removes the beginning of a date, as in `claude-sonnet-4-2025`.
            yield re.sub(r"-20\d\d-?$", "", value).rstrip("-@")
        elif type(clause).__name__ != "ClauseRegex":
            yield value.rstrip("-@")


def names(provider, model):
    """Yields the names that the model may have: its identifier, and the complete names in its clauses."""
    yield model.id
    if provider.startswith(ROUTED):
        # The other names exist only in the package.
        return
    for text in texts(model.match):
        yield text
        if provider != "aws":
            continue
        # Bedrock's names end in a version, `-v1:0`, which only the identifier contains; the clauses contain the regions.
        base_name = re.sub(r"^(regional|global)\.", "", model.id)
        region, dot, rest = re.match(r"^((?:us|eu|au|jp|in|apac|us-gov|global)(\.))?(.*)$", text).groups()
        if base_name.startswith(rest):
            yield (region or "") + base_name
        if not model.id.startswith(("global.", "regional.")) or not dot:
            # Entries without a region have the prices of the United States.
            yield from (base_name, f"us.{base_name}")


def format_price(value):
    """Formats a price as plain digits, rounded because some prices in the data have floating-point errors."""
    return format(round(value, 9).normalize(), "f")


def row(provider, name, prices):
    """Formats a row of the file."""
    base, above, long = prices
    columns = [provider, name, *(format_price(base[key]) if key in base else "" for key in COLUMNS)]
    if above is not None:
        columns += [str(above), *(format_price(long[key]) if key in long else "" for key in COLUMNS)]
    # Empty columns have the defaults of `Price::new`.
    return "\t".join(columns).rstrip("\t")


DATED = re.compile(r"(.+)(?:-\d{4}-\d{2}-\d{2}|[-@]\d{8})")


def look_up(rows, name):
    """Returns the row that `PriceTable::price` finds, which is the row of the name or of the name without its final date."""
    name = name.lower()
    if name in rows:
        return rows[name]
    dated = DATED.fullmatch(name)
    return rows.get(dated[1]) if dated else None


def of_provider(provider, ours, reasons, suffix=""):
    """Returns the rows of a provider by name, checked against the package's matching."""
    ids = {}

    def rates_or_reason(model):
        if id(model) not in ids:
            try:
                ids[id(model)] = rates(model)
            except LeftOut as reason:
                ids[id(model)] = reason
        return ids[id(model)]

    every = {name.lower(): name for model in provider.models for name in names(provider.id, model)}
    rows = {}
    for lower, name in sorted(every.items()):
        model = provider.find_model(lower)
        if model is None:
            reasons["the package has no model of this name"] += 1
        elif NOT_CHAT.search(lower) or NOT_CHAT.search(model.id.lower()):
            reasons["does not chat"] += 1
        elif lower.endswith("latest"):
            reasons["ends in `latest`"] += 1
        elif not is_api_name(provider.id, name):
            reasons["not a valid name at this provider"] += 1
        elif isinstance(rates_or_reason(model), LeftOut):
            reasons[str(rates_or_reason(model))] += 1
        else:
            rows[lower] = rates_or_reason(model)

    # A name with a date may belong to another model, so rows whose dated names would have wrong prices are removed.
    def is_wrong(name):
        found, model = look_up(rows, name), provider.find_model(name)
        return found is not None and model is not None and rates_or_reason(model) != found

    for lower in list(rows):
        if any(is_wrong(lower + date) for date in ("-2099-01-01", "-20990101", "@20990101")):
            reasons["another model with a date"] += 1
            del rows[lower]
    for lower in every:
        if is_wrong(lower):
            raise SystemExit(f"{ours}:{lower} would have a wrong price; fix `look_up` or leave its row out")
    return {name + suffix: (provider.find_model(name), found) for name, found in rows.items()}


def cost(line, usage):
    """Returns the cost of a request according to a row, computed like `Price::cost`."""
    columns = [Decimal(column) if column else None for column in line.split("\t")[2:]]
    columns += [None] * (13 - len(columns))
    base, above, long = columns[:6], columns[6], columns[7:]
    selected = long if above is not None and usage["input"] > above else base
    defaults = [None, None, selected[0], selected[0], selected[0], selected[1]]
    prices = dict(zip(COLUMNS, (price if price is not None else default for price, default in zip(selected, defaults))))
    counts = dict.fromkeys(COLUMNS, 0) | usage
    counts["input"] -= counts["cached"] + counts["cache_written"] + counts["audio_input"]
    counts["output"] -= counts["audio_output"]
    return sum(counts[kind] * prices[kind] for kind in COLUMNS) / 1_000_000


def check(line, model, usage_of):
    """Fails if the cost of a request differs between the row and the package."""
    keys = ["input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "input_audio_tokens", "output_audio_tokens"]
    prices = model.get_prices(datetime.datetime.combine(DATE, datetime.time(), datetime.UTC))
    above = line.split("\t")[8:9] or ["100000"]
    for tokens in (1000, int(above[0]), int(above[0]) + 1, 10_000_000):
        cached = {"input": tokens, "output": 700, "cached": 300, "cache_written": 200}
        audio = {"input": tokens, "output": 700, "audio_input": 400, "audio_output": 90}
        for usage in (cached, audio):
            counts = {keys[COLUMNS.index(kind)]: count for kind, count in usage.items()}
            theirs = prices.calc_price(usage_of(**counts))["total_price"]
            if abs(cost(line, usage) - theirs) > Decimal("1e-6") * theirs:
                raise SystemExit(f"the row {line!r} prices {usage} at {cost(line, usage)} instead of {theirs}; fix `rates`")


def known():
    """Returns the names of agno's providers."""
    return set(re.findall(r'^\s+"([^"]+)": "', KNOWN.read_text(), re.MULTILINE))


def header(license_text):
    lines = [
        f"date\t{DATE}",
        f"Prices in US dollars per million tokens, from genai-prices {VERSION}, the newest version on that day.",
        "Written by `python3 scripts/prices.py`, which documents the omissions; do not edit.",
        "provider, name, " + ", ".join(COLUMNS) + "; number of input tokens above which long prompts begin, and their prices",
        "The data is from genai-prices, under this license:",
        *license_text.strip().splitlines(),
    ]
    return [f"# {line}".rstrip() for line in lines]


def main():
    with tempfile.TemporaryDirectory() as directory:
        venv.create(directory, with_pip=True)
        paths = sysconfig.get_paths("venv", vars={"base": directory, "platbase": directory})
        python = Path(paths["scripts"]) / "python"
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, f"genai-prices=={VERSION}"], check=True)
        sys.path.insert(0, paths["purelib"])
        write(paths["purelib"])


def write(packages):
    from genai_prices import Usage
    from genai_prices.data import providers

    license_text = (Path(packages) / f"genai_prices-{VERSION}.dist-info/licenses/LICENSE").read_text()

    rows, reasons = {}, collections.Counter()
    for provider in providers:
        if ours := PROVIDERS.get(provider.id):
            rows[ours] = of_provider(provider, ours, reasons)
        elif provider.id.startswith(ROUTED):
            server = provider.id.removeprefix(ROUTED)
            rows.setdefault("huggingface", {}).update(of_provider(provider, "huggingface", reasons, f":{server}"))
    if unknown := rows.keys() - known():
        raise SystemExit(f"agno has no provider {', '.join(sorted(unknown))}; fix PROVIDERS")
    if absent := PROVIDERS.keys() - {provider.id for provider in providers}:
        raise SystemExit(f"genai-prices {VERSION} has no provider {', '.join(sorted(absent))}; fix PROVIDERS")

    lines = []
    for ours in sorted(rows):
        for name, (model, found) in sorted(rows[ours].items()):
            lines.append(row(ours, name, found))
            check(lines[-1], model, Usage)
    INTO.write_text("\n".join([*header(license_text), *lines]) + "\n")
    for ours in sorted(rows):
        print(f"{len(rows[ours]):5}  {ours}")
    print(f"{len(lines):5}  in total\n\nomitted names, by reason:")
    for reason, count in reasons.most_common():
        print(f"{count:5}  {reason}")


if __name__ == "__main__":
    main()
