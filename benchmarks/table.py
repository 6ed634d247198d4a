"""What the rows of all groups say, for a reader."""
import re

HEAD = ["what", "ours", "peer", "peer's", "ratio", "spread", "goal", "met"]
PREFIXES = [(1e9, "G"), (1e6, "M"), (1e3, "k")]


def verdict(row):
    """The ratio to the peer, and whether the goal is met; None where nothing was measured to say it by."""
    peer = row.get("peer_value")
    ratio = row["value"] / peer if peer else None
    value, bound = (ratio, row["goal_ratio"]) if "goal_ratio" in row else (row["value"], row.get("goal_value"))
    met = None
    if value is not None and bound is not None:
        met = value >= bound if row["better"] == "higher" else value <= bound
    return {"ratio": ratio, "met": met}


def figure(value, unit):
    if value is None:
        return ""
    # Counts and rates have prefixes; what is a small unit already has none.
    if "/s" in unit and not unit.startswith(("M", "G", "k")):
        for factor, prefix in PREFIXES:
            if value >= factor:
                return f"{value / factor:.3g} {prefix} {unit}"
    return f"{value:,.0f} {unit}" if value >= 1000 else f"{value:.3g} {unit}"


def line(row):
    ratio, met = row["ratio"], row["met"]
    return [
        row["name"], figure(row["value"], row["unit"]), row.get("peer", ""), figure(row.get("peer_value"), row["unit"]),
        f"{ratio:.2f}" if ratio else "", f"{100 * row['spread']:.0f} %" if "spread" in row else "",
        row.get("goal", ""), {True: "yes", False: "NO", None: "not measured" if "goal" in row else ""}[met],
    ]


def show(rows):
    lines = [HEAD] + [line(row) for row in rows]
    widths = [max(len(cells[column]) for cells in lines) for column in range(len(HEAD))]
    group = None
    for number, cells in enumerate(lines):
        if number and rows[number - 1]["group"] != group:
            group = rows[number - 1]["group"]
            print(f"-- {group}")
        print("  ".join(cell.ljust(width) for cell, width in zip(cells, widths)).rstrip())


def missing_packages(rows):
    found = re.findall(r"not installed \(apt-get install ([\w.+ -]+)\)", " ".join(row.get("peer", "") for row in rows))
    return sorted({package for packages in found for package in packages.split()})
