// The readings of a city, the same on both sides: see ours/City.swift.
#pragma once
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

struct Reading {
    int64_t time;
    double value;
    double weight;
    uint32_t series;
    uint8_t quality;
    bool is_historical;
};
static_assert(sizeof(Reading) == 32, "as large as ours");

struct SplitMix {
    uint64_t state;
    uint64_t next() {
        uint64_t mixed = state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
        return mixed ^ mixed >> 31;
    }
};

class City {
public:
    static constexpr int64_t start = 1767571200000, minute = 60000, interval = 10000, lateness = 180000;
    static constexpr uint32_t measurements = 4;

    explicit City(uint32_t series) : devices(series / measurements), order(devices), values(4096), delays(4096) {
        SplitMix random{series};
        std::iota(order.begin(), order.end(), 0);
        for (uint32_t last = devices - 1; last > 0; last--) std::swap(order[last], order[random.next() % (last + 1)]);
        for (double &value : values) value = double(200 + random.next() % 100) / 10;
        for (int64_t &delay : delays) delay = int64_t(random.next() % 1500);
    }

    size_t until_first_close() const { return size_t(6 * devices + devices / 5) * measurements; }
    size_t until_next_close() const { return size_t(6) * devices * measurements; }

    struct Message {
        const double *values;
        int64_t time;
        uint32_t first, key;

        Reading operator[](size_t m) const {
            return {time, values[(key * 7 + uint32_t(m) * 131) & 4095], 1, first + uint32_t(m), 0, false};
        }
    };

    Message next() {
        const uint32_t key = message & 4095;
        int64_t time = sweep_start + int64_t(device) * interval / devices - delays[key];
        if (key == 4095) time -= lateness;
        const uint32_t first = order[device] * measurements;
        const Message made{values.data(), time, first, key};
        message++;
        if (++device == devices) {
            device = 0;
            sweep_start += interval;
        }
        return made;
    }

private:
    uint32_t devices;
    std::vector<uint32_t> order;
    std::vector<double> values;
    std::vector<int64_t> delays;
    uint32_t device = 0;
    uint64_t message = 0;
    int64_t sweep_start = start;
};
