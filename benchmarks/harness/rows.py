"""Rows of the table, one JSON object a line."""
import json
import statistics


def spread(values):
    middle = statistics.median(values)
    return round((max(values) - min(values)) / middle, 4) if middle else 0


def row(name, values, unit, better, checked, peer=None, peer_values=None, **more):
    """`values` and `peer_values` are of one round each; `more` are goals and others of the same line."""
    line = {
        "name": name, "value": statistics.median(values), "unit": unit, "better": better,
        "spread": spread(values), "rounds": len(values),
    }
    if peer:
        line["peer"] = peer
    if peer_values:
        line |= {"peer_value": statistics.median(peer_values), "peer_spread": spread(peer_values)}
    print(json.dumps(line | more | {"checked": checked}), flush=True)


def missing(program, package):
    return f"{program}: not installed (apt-get install {package})"
