"""`ioc run`."""
import itertools

from harness import fleet
from harness.service import Service, World

numbers = itertools.count()


class Ours:
    name, form, is_installed = "ioc", "json", True

    def __init__(self, pack, devices):
        self.pack, self.world = pack, World(f"ours-{next(numbers)}")
        self.world.write("bench", "site", fleet.json(pack), fleet.devices(devices))

    def start(self, broker, qos):
        self.world.forget()
        return Service(self.world, broker).wait_ready()

    def counted(self, service, count):
        # What is stored is told of a moment later.
        service.wait_for(lambda: service.stored("bench") >= count, f"{count} messages stored", seconds=30)
        readings = int(service.metric("ioc_readings_total{", 'domain="bench"', 'kind="all"'))
        return service.stored("bench") if readings == count * self.pack else f"{readings} readings"

    def stop(self, service):
        service.stop()
