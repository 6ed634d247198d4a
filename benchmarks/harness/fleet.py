"""The profile of the devices that `telemetry` makes up."""


def devices(count):
    return [f"d-{number:05}" for number in range(count)]


def _measurement(name, field):
    return (f"  - {{name: {name}, title: {{vi: Giá trị, en: Value}}, field: {field}, unit: \"1\", kind: gauge, "
            "valid: [0, 1000000]}\n")


def line_protocol(fields):
    """Lines of many devices in one message, as a gateway or an agent sends them."""
    names = [f"v{number}" for number in range(fields)]
    return ("title: {vi: Trạm đo, en: Site}\ntopic: bench/{hub}\nformat: line-protocol\n"
            "time: {format: unix_ns}\ndevice: device\ncadence: 60s\nmeasurements:\n"
            + "".join(_measurement(name, name) for name in names)
            + "examples:\n  - name: one moment\n    topic: bench/hub\n"
            f"    payload: 'site,device=d-00000 {','.join(f'{name}=1.5' for name in names)} 1767574923000000000'\n"
            f"    readings: {{d-00000: {{{', '.join(f'{name}: 1.5' for name in names)}}}}}\n")


def json(fields):
    """Flat documents, as most gateways send and other programs can read, too."""
    names = [f"v{number}" for number in range(fields)]
    body = "".join(f',"{name}":1.5' for name in names)
    return ("title: {vi: Trạm đo, en: Site}\ntopic: bench/{device}\nformat: json\n"
            "time: {field: /ts, format: unix_ms}\nsequence: /seq\ncadence: 60s\nmeasurements:\n"
            + "".join(_measurement(name, f"/{name}") for name in names)
            + "examples:\n  - name: one moment\n    topic: bench/d-00000\n"
            f"    payload: '{{\"ts\":1767574923000,\"seq\":7{body}}}'\n"
            f"    readings: {{{', '.join(f'{name}: 1.5' for name in names)}}}\n")
