#!/usr/bin/env python3
"""Writes agno/src/pricing/prices.tsv, the prices that agno brings, from those of the package genai-prices.

    python3 scripts/prices.py

It installs the version below with pip into a temporary folder and writes a row for every name whose price the data says for
certain. Before it writes, it holds the rows to the package itself: every name in the data, and every row's name with a date
behind it, has by the rows the model that the package finds for it, or none; and requests, short and long, cost by the written
rows what the package says they cost. A wrong price is worse than none, so left out are, with how many of each said at the end:

- models without a price of text read and of text written, and those that do not chat: embeddings, pictures, speech;
- models the data calls deprecated;
- what a `Price` cannot say: fees for a request or a minute, other prices for pictures, video, reasoning or citations, prices that
  go by the hour of the day (DeepSeek's) or have more than one step by the prompt's length;
- prices that the data says will change on a day to come;
- names that end in `latest`, which are another model tomorrow, and those of fine-tuned models, which end in a customer's words;
- names that only a pattern matches, and those that a provider's own API does not have, such as other routers' names;
- whole providers: Azure, where a name is that of a deployment and says neither the model nor whether it is global;
  Zhipu in China, whose prices are in yuan.

Prices of batches, of faster or slower tiers, of caches that hold an hour, and of searches a provider makes are in the data and not
in the rows. Names on Bedrock that say no region have the prices of the United States, and so have those with `us.` before
them. To take newer prices: set VERSION and DATE, run this, read the difference.
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
# A day on which this version was the newest: prices are those of that day as far as the package knew.
DATE = datetime.date(2026, 11, 22)

ROOT = Path(__file__).resolve().parent.parent
INTO = ROOT / "agno/src/pricing/prices.tsv"
KNOWN = ROOT / "agno/src/provider/table.rs"

# The package's name of a provider, and agno's.
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
# Hugging Face's router sends a request on to the server named behind a colon, at that server's price.
ROUTED = "huggingface_"

NOT_CHAT = re.compile(
    r"embed|rerank|moderation|whisper|(?<![a-z])tts|transcri|(?<![a-z])image(?![a-z])|realtime|(?<![a-z])live(?![a-z])"
    r"|native-audio|sonic|(?<![a-z])ocr|davinci|curie|babbage|(?<![a-z])ada(?![a-z])|turbo-instruct|robotics"
)
# Prices of what a request may do beside reading and writing tokens, or of tokens that agno does not count apart.
BESIDE = {"web_searches_kcount", "storage_searches_kcount", "cache_write_1h_mtok", "cache_audio_read_mtok"}
SAID = {
    "input_mtok": "input",
    "output_mtok": "output",
    "cache_read_mtok": "cached",
    "cache_write_mtok": "cache_written",
    "input_audio_mtok": "audio_input",
    "output_audio_mtok": "audio_output",
}
COLUMNS = ["input", "output", "cached", "cache_written", "audio_input", "audio_output"]


class LeftOut(Exception):
    """Why a model or a name has no row."""


def is_asked_so(provider, name):
    """Whether the provider's API knows such names at all, as far as their form tells."""
    if name.startswith((f"{provider}/", f"{provider}:", "/")) or name != name.strip() or "\t" in name:
        return False
    return {
        # Claude and the models of others are Vertex AI's, not of the Gemini API.
        "google": name.startswith(("gemini", "gemma")) and not name.endswith("-maas"),
        # The weights are OpenAI's, the servers are not.
        "openai": not name.startswith(("gpt-oss", "ft:")) and ".ft-" not in name,
        # Every name there is `maker/model`.
        "openrouter": "/" in name,
        # Every name there is `maker.model`, or that behind `region.`; "regional" is the package's word.
        "aws": re.match(r"[a-z0-9]+(-gov)?\.[a-z]", name) and not name.startswith("regional."),
    }.get(provider, True)


def rates(model):
    """What the model costs on the day: a dict by `COLUMNS`, and the same for long prompts with where these begin."""
    times = [datetime.datetime.combine(DATE, datetime.time(hour), datetime.UTC) for hour in range(24)]
    prices = model.get_prices(times[0])
    if any(model.get_prices(time) != prices for time in times):
        raise LeftOut("its price goes by the hour")
    stored = {key: value for key, value in prices.__dict__.items() if value is not None}
    if "input_mtok" not in stored or "output_mtok" not in stored:
        raise LeftOut("no price of text read and text written")
    if model.deprecated:
        raise LeftOut("deprecated")
    if beside := stored.keys() - SAID.keys() - BESIDE:
        raise LeftOut("priced by " + ", ".join(sorted(beside)))
    if any(changes(model)):
        raise LeftOut("its price will change on a day that is known")
    if re.search("audio|voxtral", model.id) and "input_audio_mtok" not in stored:
        raise LeftOut("no price of sound")
    tiered = {key: value for key, value in stored.items() if hasattr(value, "tiers") and key in SAID}
    starts = {tuple(tier.start for tier in value.tiers) for value in tiered.values()}
    if len(starts) > 1 or any(len(start) != 1 for start in starts):
        raise LeftOut("more than one step by the prompt's length")
    base = {SAID[key]: getattr(value, "base", value) for key, value in stored.items() if key in SAID}
    if not starts:
        return base, None, None
    above = next(iter(starts))[0]
    long = {SAID[key]: value.tiers[0].price if key in tiered else value for key, value in stored.items() if key in SAID}
    return base, above, long


def changes(model):
    """The days to come on which the price changes."""
    listed = model.prices if isinstance(model.prices, list) else []
    starts = [getattr(price.constraint, "start_date", None) for price in listed]
    return [start for start in starts if start is not None and start > DATE]


def texts(clause):
    """The texts that a clause compares names with."""
    for value in vars(clause).values():
        if isinstance(value, list):
            for inner in value:
                yield from texts(inner)
        elif type(clause).__name__ == "ClauseStartsWith":
            # Such as `claude-sonnet-4-2025`: the beginning of a date.
            yield re.sub(r"-20\d\d-?$", "", value).rstrip("-@")
        elif type(clause).__name__ != "ClauseRegex":
            yield value.rstrip("-@")


def names(provider, model):
    """Names that the model may have: its identifier, and what the clauses say, whole."""
    yield model.id
    if provider.startswith(ROUTED):
        # The other names are the package's own.
        return
    for text in texts(model.match):
        yield text
        if provider != "aws":
            continue
        # Bedrock's names end in a version, `-v1:0`, which only the identifier has; the clauses have the regions.
        whole = re.sub(r"^(regional|global)\.", "", model.id)
        place, dot, rest = re.match(r"^((?:us|eu|au|jp|in|apac|us-gov|global)(\.))?(.*)$", text).groups()
        if whole.startswith(rest):
            yield (place or "") + whole
        if not model.id.startswith(("global.", "regional.")) or not dot:
            # The data has the prices of the United States where it names no region.
            yield from (whole, f"us.{whole}")


def money(value):
    """In digits; some of the data has been through floating point."""
    return format(round(value, 9).normalize(), "f")


def row(provider, name, found):
    base, above, long = found
    columns = [provider, name, *(money(base[key]) if key in base else "" for key in COLUMNS)]
    if above is not None:
        columns += [str(above), *(money(long[key]) if key in long else "" for key in COLUMNS)]
    # Prices that are left out are those of `Price::new`.
    return "\t".join(columns).rstrip("\t")


DATED = re.compile(r"(.+)(?:-\d{4}-\d{2}-\d{2}|[-@]\d{8})")


def looked_up(rows, name):
    """What `PriceTable::price` finds: the name itself, or else the name without the date it ends in."""
    name = name.lower()
    if name in rows:
        return rows[name]
    dated = DATED.fullmatch(name)
    return rows.get(dated[1]) if dated else None


def of_provider(provider, ours, reasons, suffix=""):
    """Rows of a provider by name, held to the provider's own matching."""
    ids = {}

    def judged(model):
        if id(model) not in ids:
            try:
                ids[id(model)] = rates(model)
            except LeftOut as why:
                ids[id(model)] = why
        return ids[id(model)]

    every = {name.lower(): name for model in provider.models for name in names(provider.id, model)}
    rows = {}
    for lower, name in sorted(every.items()):
        model = provider.find_model(lower)
        if model is None:
            reasons["no model of the package has this name"] += 1
        elif NOT_CHAT.search(lower) or NOT_CHAT.search(model.id.lower()):
            reasons["does not chat"] += 1
        elif lower.endswith("latest"):
            reasons["ends in `latest`"] += 1
        elif not is_asked_so(provider.id, name):
            reasons["not such a name at this provider"] += 1
        elif isinstance(judged(model), LeftOut):
            reasons[str(judged(model))] += 1
        else:
            rows[lower] = judged(model)

    # A date behind a name may be another model's, so rows are held to that as well; one that would be wrong goes.
    def wrong(name):
        found, model = looked_up(rows, name), provider.find_model(name)
        return found is not None and model is not None and judged(model) != found

    for lower in list(rows):
        if any(wrong(lower + date) for date in ("-2099-01-01", "-20990101", "@20990101")):
            reasons["with a date it is another model"] += 1
            del rows[lower]
    for lower in every:
        if wrong(lower):
            raise SystemExit(f"{ours}:{lower} would have a wrong price; mend `looked_up` or leave its row out")
    return {name + suffix: (provider.find_model(name), found) for name, found in rows.items()}


def cost(line, usage):
    """What `Price::of` makes of a written row."""
    columns = [Decimal(column) if column else None for column in line.split("\t")[2:]]
    columns += [None] * (13 - len(columns))
    base, above, long = columns[:6], columns[6], columns[7:]
    asked = long if above is not None and usage["input"] > above else base
    defaults = [None, None, asked[0], asked[0], asked[0], asked[1]]
    prices = dict(zip(COLUMNS, (given if given is not None else default for given, default in zip(asked, defaults))))
    counts = dict.fromkeys(COLUMNS, 0) | usage
    counts["input"] -= counts["cached"] + counts["cache_written"] + counts["audio_input"]
    counts["output"] -= counts["audio_output"]
    return sum(counts[kind] * prices[kind] for kind in COLUMNS) / 1_000_000


def hold(line, model, usage_of):
    """Refuses a row by which a request costs what it does not by the package."""
    keys = ["input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "input_audio_tokens", "output_audio_tokens"]
    prices = model.get_prices(datetime.datetime.combine(DATE, datetime.time(), datetime.UTC))
    above = line.split("\t")[8:9] or ["100000"]
    for tokens in (1000, int(above[0]), int(above[0]) + 1, 10_000_000):
        cached = {"input": tokens, "output": 700, "cached": 300, "cache_written": 200}
        sound = {"input": tokens, "output": 700, "audio_input": 400, "audio_output": 90}
        for usage in (cached, sound):
            counts = {keys[COLUMNS.index(kind)]: count for kind, count in usage.items()}
            theirs = prices.calc_price(usage_of(**counts))["total_price"]
            if abs(cost(line, usage) - theirs) > Decimal("1e-6") * theirs:
                raise SystemExit(f"{usage} would cost {cost(line, usage)} and not {theirs} by the row {line!r}; mend `rates`")


def known():
    """The names of the providers that agno knows."""
    return set(re.findall(r'^\s+"([^"]+)": "', KNOWN.read_text(), re.MULTILINE))


def header(licence):
    lines = [
        f"date\t{DATE}",
        f"Prices in US dollars a million tokens, as genai-prices {VERSION} had them on that day, when it was the newest.",
        "Written by `python3 scripts/prices.py`, which says what is left out; do not edit.",
        "provider, name, " + ", ".join(COLUMNS) + "; above how many tokens read a request costs more, and the same prices then",
        "The data is that of genai-prices, under this licence:",
        *licence.strip().splitlines(),
    ]
    return [f"# {line}".rstrip() for line in lines]


def main():
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        paths = sysconfig.get_paths("venv", vars={"base": folder, "platbase": folder})
        python = Path(paths["scripts"]) / "python"
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, f"genai-prices=={VERSION}"], check=True)
        sys.path.insert(0, paths["purelib"])
        write(paths["purelib"])


def write(packages):
    from genai_prices import Usage
    from genai_prices.data import providers

    licence = (Path(packages) / f"genai_prices-{VERSION}.dist-info/licenses/LICENSE").read_text()

    rows, reasons = {}, collections.Counter()
    for provider in providers:
        if ours := PROVIDERS.get(provider.id):
            rows[ours] = of_provider(provider, ours, reasons)
        elif provider.id.startswith(ROUTED):
            server = provider.id.removeprefix(ROUTED)
            rows.setdefault("huggingface", {}).update(of_provider(provider, "huggingface", reasons, f":{server}"))
    if strangers := rows.keys() - known():
        raise SystemExit(f"agno knows no provider {', '.join(sorted(strangers))}; mend PROVIDERS")
    if absent := PROVIDERS.keys() - {provider.id for provider in providers}:
        raise SystemExit(f"genai-prices {VERSION} has no provider {', '.join(sorted(absent))}; mend PROVIDERS")

    lines = []
    for ours in sorted(rows):
        for name, (model, found) in sorted(rows[ours].items()):
            lines.append(row(ours, name, found))
            hold(lines[-1], model, Usage)
    INTO.write_text("\n".join([*header(licence), *lines]) + "\n")
    for ours in sorted(rows):
        print(f"{len(rows[ours]):5}  {ours}")
    print(f"{len(lines):5}  in all\n\nnames left out, and why:")
    for why, count in reasons.most_common():
        print(f"{count:5}  {why}")


if __name__ == "__main__":
    main()
