"""Reads batches of a device from standard input, one JSON array a line, with the CloudEvents SDK of the CNCF (cloudevents 1.11).

Prints one JSON object: batches, events by type, numbers by epoch, sources, and every complaint.
"""

import json
import sys
from datetime import datetime

from cloudevents.conversion import to_json
from cloudevents.http import from_dict, from_json

EXTENSIONS = {
    "epoch": str,
    "sequence": int,
    "boot": str,
    "uptimems": int,
    "senttime": str,
    "sentuptimems": int,
    "deliveryclass": str,
    "simulated": bool,
}


def is_time(text):
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).tzinfo is not None
    except (AttributeError, ValueError):
        return False


def complaints(event):
    """What CloudEvents 1.0 and docs/fleet-wire.md ask for, as far as the SDK does not check it itself."""
    attributes = event.get_attributes()
    for key, value in attributes.items():
        if not (key.isascii() and key.isalnum() and key == key.lower() and len(key) <= 20):
            yield f"attribute name {key}"
        if type(value) is int and not -(2**31) <= value < 2**31:
            yield f"{key}={value} is beyond the Integer of CloudEvents"
    for key, kind in EXTENSIONS.items():
        if type(attributes.get(key)) is not kind:
            yield f"{key} is {attributes.get(key)!r}"
    if not is_time(attributes.get("time")) or not is_time(attributes.get("senttime")):
        yield "time or senttime is not of RFC 3339"
    if attributes["datacontenttype"] != "application/json":
        yield f"datacontenttype {attributes['datacontenttype']}"
    if attributes["id"] != f"{attributes['epoch']}-{attributes['sequence']}":
        yield f"id {attributes['id']}"
    if not isinstance(event.get_data(), dict):
        yield "data is no object"
    again = from_json(to_json(event))
    if again.get_attributes() != attributes or again.get_data() != event.get_data():
        yield "changed on its way through the SDK"


found = {"batches": 0, "types": {}, "numbers": {}, "sources": [], "complaints": []}
for line in sys.stdin:
    if not line.strip():
        continue
    found["batches"] += 1
    for raw in json.loads(line):
        # Where it is missing, the SDK puts it in.
        if raw.get("specversion") != "1.0":
            found["complaints"].append(f"{raw.get('id')}: specversion {raw.get('specversion')!r}")
        event = from_dict(raw)
        attributes = event.get_attributes()
        found["complaints"] += [f"{attributes['id']}: {text}" for text in complaints(event)]
        found["types"][attributes["type"]] = found["types"].get(attributes["type"], 0) + 1
        found["numbers"].setdefault(attributes["epoch"], []).append(attributes["sequence"])
        if attributes["source"] not in found["sources"]:
            found["sources"].append(attributes["source"])
print(json.dumps(found))
