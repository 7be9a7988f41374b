"""Charts drawn on the server as plain SVG: they print, scale, follow the theme and need no script."""

from math import ceil, log10, pi

from django.utils.html import format_html_join
from django.utils.safestring import mark_safe

from aftercare.web.markup import format_html

COLOURS = 6
FACTORS = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)


def calculate_scale(largest, steps=4):
    """A round number at or above ``largest`` that ``steps`` grid lines divide into whole parts."""
    raw = max(float(largest), 1) / steps
    power = 10 ** max(int(log10(raw)), 0)
    unit = next(factor * power for factor in FACTORS if factor * power >= raw and factor * power % 1 == 0)
    return int(unit * steps)


def calculate_percent(part, whole):
    """``part`` of ``whole`` in per cent, kept between 0 and 100; 0 when there is no whole."""
    try:
        return round(max(0.0, min(100.0, 100 * float(part or 0) / float(whole))), 1)
    except (ZeroDivisionError, TypeError, ValueError):
        return 0.0


def draw_meter(value, whole, tone="", tall=False, label=""):
    """A horizontal bar filled by ``value`` of ``whole``; read aloud only if it has a label."""
    role = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="meter{}{}" viewBox="0 0 100 10" preserveAspectRatio="none" {}><rect width="{}" height="10"/></svg>',
        " tall" if tall else "",
        f" tone-{tone}" if tone else "",
        role,
        calculate_percent(value, whole),
    )


def draw_bars(points, names, label, width=640, height=240):
    """Grouped bars. ``points``: [{"label", "values": [number per series], "url"?}]; ``names``: series names."""
    left, bottom, top = 34, 22, 8
    plot = height - top - bottom
    ceiling = calculate_scale(max((v for p in points for v in p["values"]), default=0))
    step = (width - left) / max(len(points), 1)
    bar = min(step * 0.68 / max(len(names), 1), 16)
    every = ceil(len(points) / 8) if points else 1
    grid = format_html_join(
        "",
        (
            '<line class="gl" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="ax" x="{}" y="{}" text-anchor="end">{}</text>'
        ),
        [
            (left, width, y, y, left - 6, y + 4, f"{ceiling * i / 4:g}")
            for i in range(5)
            for y in [round(top + plot * (1 - i / 4), 1)]
        ],
    )
    groups = []
    for i, point in enumerate(points):
        middle = left + step * (i + 0.5)
        start = middle - bar * len(names) / 2
        rects = format_html_join(
            "",
            '<rect class="c{}" x="{}" y="{}" width="{}" height="{}" rx="2"/>',
            [
                (
                    n + 1,
                    round(start + bar * n, 1),
                    round(top + plot * (1 - value / ceiling), 1),
                    round(bar - 1.5, 1),
                    round(plot * value / ceiling, 1),
                )
                for n, value in enumerate(point["values"])
            ],
        )
        title = f"{point['label']}: " + ", ".join(
            f"{name} {value}" for name, value in zip(names, point["values"], strict=False)
        )
        last = (len(points) - 1 - i) % every == 0
        axis = (
            format_html(
                '<text class="ax" x="{}" y="{}" text-anchor="middle">{}</text>',
                round(middle, 1),
                height - 5,
                point["label"],
            )
            if last
            else ""
        )
        groups.append((title, round(middle - step / 2, 1), top, round(step, 1), plot, rects, axis))
    bars = format_html_join(
        "", ('<g><title>{}</title><rect class="hit" x="{}" y="{}" width="{}" height="{}"/>{}{}</g>'), groups
    )
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>', width, height, label, grid, bars
    )


def draw_spark(values, width=84, height=26):
    """A small line without axes; decoration beside a figure, hidden from screen readers."""
    values = [float(v) for v in values] or [0.0]
    largest = max([*values, 1.0])
    step = width / max(len(values) - 1, 1)
    points = " ".join(f"{i * step:.1f},{height - 2 - (height - 4) * v / largest:.1f}" for i, v in enumerate(values))
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" aria-hidden="true"><polyline points="{}"/></svg>', width, height, points
    )


def draw_donut(rows, label):
    """A ring of shares with the sum inside. ``rows``: [{"label", "value"}]; at most six colours."""
    radius = 16
    around = 2 * pi * radius
    total = sum(float(row["value"]) for row in rows)
    arcs, done = [], 0.0
    for i, row in enumerate(rows):
        share = float(row["value"]) / total if total else 0
        arcs.append(
            (
                i % COLOURS + 1,
                radius,
                f"{around * share:.2f} {around:.2f}",
                f"{-around * done:.2f}",
                f"{row['label']} {row['value']}",
            )
        )
        done += share
    ring = format_html_join(
        "",
        (
            '<circle class="k{}" cx="20" cy="20" r="{}" stroke-dasharray="{}" stroke-dashoffset="{}"><title>{}</title></circle>'
        ),
        arcs,
    )
    return format_html(
        '<svg viewBox="0 0 40 40" role="img" aria-label="{}"><g transform="rotate(-90 20 20)">{}</g>'
        '<text x="20" y="22.5" text-anchor="middle">{}</text></svg>',
        label,
        ring,
        f"{total:g}",
    )
