"""The messages: walks of one decimal, the same for every subscriber, in the form it reads."""
import random


def made(form, count, pack, devices, now_ms):
    chance = random.Random(20260105)
    values = [[chance.randrange(1_000, 4_000) for _ in range(pack)] for _ in range(devices)]
    for number in range(count):
        device = number % devices
        row = values[device]
        # One in ten changes: devices speak more often than what they measure moves.
        for _ in range(max(1, pack // 10)):
            row[chance.randrange(pack)] += chance.randrange(-2, 3)
        time_ms = now_ms + number // devices * 10
        yield (_plain if form == "plain" else _json)(device, number // devices, row, time_ms)


def _json(device, sequence, row, time_ms):
    body = "".join(f',"v{field}":{value / 10}' for field, value in enumerate(row))
    return f"bench/d-{device:05}", f'{{"ts":{time_ms},"seq":{sequence}{body}}}'


def _plain(device, sequence, row, time_ms):
    # collectd takes a time once only, and to the second unless it has a fraction.
    return (f"bench/d-{device:05}/bench/pack",
            f"{time_ms / 1000:.3f}:" + ":".join(str(value / 10) for value in row))
