// Windows of a minute, a quarter of an hour, an hour and a day by series, with late readings amended: what Aggregator.swift
// does for gauges in UTC, as dense vectors.
#pragma once
#include "city.hpp"
#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <tuple>
#include <unordered_map>
#include <vector>

struct Accumulator {
    int64_t start = std::numeric_limits<int64_t>::min();
    int64_t count = 0;
    double minimum = std::numeric_limits<double>::infinity(), maximum = -minimum;
    double sum = 0, sum_of_squares = 0;
    int64_t first_time = std::numeric_limits<int64_t>::max(), last_time = std::numeric_limits<int64_t>::min();
    double first = 0, last = 0;

    void add(int64_t time, double value) {
        count++;
        minimum = std::min(minimum, value);
        maximum = std::max(maximum, value);
        sum += value;
        sum_of_squares += value * value;
        if (time < first_time) { first_time = time; first = value; }
        if (time > last_time) { last_time = time; last = value; }
    }

    void merge(const Accumulator &other) {
        count += other.count;
        minimum = std::min(minimum, other.minimum);
        maximum = std::max(maximum, other.maximum);
        sum += other.sum;
        sum_of_squares += other.sum_of_squares;
        if (other.first_time < first_time) { first_time = other.first_time; first = other.first; }
        if (other.last_time > last_time) { last_time = other.last_time; last = other.last; }
    }
};

struct Rollup {
    uint32_t series;
    int tier;
    Accumulator window;
};

class Aggregator {
public:
    explicit Aggregator(size_t series) : newest(series), before(series) {
        for (auto &tier : longer) tier.resize(series);
    }

    void add(const Reading &reading) {
        const int64_t start = reading.time - reading.time % City::minute;
        Accumulator &open = newest[reading.series];
        if (open.start == start) [[likely]] return open.add(reading.time, reading.value);
        if (start + City::minute <= closed_through) return amend(reading);
        if (start > open.start) {
            if (open.count) set_aside(reading.series, open);
            open = Accumulator{start};
            return open.add(reading.time, reading.value);
        }
        Accumulator &known = before[reading.series].start == start || !before[reading.series].count
            ? before[reading.series] : others[{reading.series, 0, start}];
        known.start = start;
        known.add(reading.time, reading.value);
    }

    /// Closed windows, and amended ones behind them, each in order of tier, start and series; valid until the next call.
    const std::vector<Rollup> &close(int64_t end) {
        closed.clear();
        std::vector<std::pair<Key, Accumulator>> due;
        for (auto known = others.begin(); known != others.end();) {
            if (known->first.start + City::minute <= end) { due.push_back(*known); known = others.erase(known); }
            else ++known;
        }
        std::sort(due.begin(), due.end(), [](auto &a, auto &b) { return a.first.start < b.first.start; });
        for (auto &[key, open] : due) close_minute(key.series, open);
        for (uint32_t series = 0; series < newest.size(); series++) {
            close_minute_if_due(series, before[series], end);
            close_minute_if_due(series, newest[series], end);
        }
        for (int tier = 1; tier < 4; tier++)
            for (uint32_t series = 0; series < newest.size(); series++) {
                Accumulator &open = longer[tier - 1][series];
                if (open.count && open.start + lengths[tier] <= end) close_longer(series, tier);
            }
        closed_through = end;
        sort(closed.begin());
        const size_t count = closed.size();
        for (auto &[key, open] : amendments) emit(key.series, key.tier, open);
        amendments.clear();
        sort(closed.begin() + count);
        return closed;
    }

private:
    static constexpr std::array<int64_t, 4> lengths{60000, 900000, 3600000, 86400000};
    struct Key {
        uint32_t series;
        int tier;
        int64_t start;
        bool operator==(const Key &) const = default;
    };
    struct Hash {
        size_t operator()(const Key &key) const {
            return (uint64_t(key.series) * 0x9E3779B97F4A7C15 ^ uint64_t(key.start)) * 0xBF58476D1CE4E5B9 + key.tier;
        }
    };
    std::vector<Accumulator> newest, before;
    std::array<std::vector<Accumulator>, 3> longer;
    std::unordered_map<Key, Accumulator, Hash> others, amendments;
    std::vector<Rollup> closed;
    int64_t closed_through = City::start;

    void set_aside(uint32_t series, const Accumulator &open) {
        if (!before[series].count) before[series] = open;
        else others[{series, 0, open.start}] = open;
    }

    void amend(const Reading &reading) {
        Accumulator part;
        part.add(reading.time, reading.value);
        for (int tier = 0; tier < 4; tier++) {
            part.start = reading.time - reading.time % lengths[tier];
            if (part.start + lengths[tier] > closed_through) return merge_longer(reading.series, tier, part);
            auto [known, is_new] = amendments.try_emplace({reading.series, tier, part.start}, part);
            if (!is_new) known->second.merge(part);
        }
    }

    void merge_longer(uint32_t series, int tier, const Accumulator &part) {
        Accumulator &open = longer[tier - 1][series];
        if (open.start != part.start) open = part;
        else open.merge(part);
    }

    void close_minute_if_due(uint32_t series, Accumulator &open, int64_t end) {
        if (!open.count || open.start + City::minute > end) return;
        close_minute(series, open);
        open = Accumulator{};
    }

    void close_minute(uint32_t series, const Accumulator &open) {
        emit(series, 0, open);
        pass(series, 1, open);
    }

    void pass(uint32_t series, int tier, Accumulator part) {
        part.start -= part.start % lengths[tier];
        Accumulator &open = longer[tier - 1][series];
        if (open.count && open.start != part.start) close_longer(series, tier);
        merge_longer(series, tier, part);
    }

    void close_longer(uint32_t series, int tier) {
        const Accumulator open = longer[tier - 1][series];
        longer[tier - 1][series] = Accumulator{};
        emit(series, tier, open);
        if (tier < 3) pass(series, tier + 1, open);
    }

    void emit(uint32_t series, int tier, const Accumulator &window) { closed.push_back({series, tier, window}); }

    void sort(std::vector<Rollup>::iterator from) {
        const auto is_before = [](const Rollup &a, const Rollup &b) {
            return std::tie(a.tier, a.window.start, a.series) < std::tie(b.tier, b.window.start, b.series);
        };
        if (!std::is_sorted(from, closed.end(), is_before)) std::sort(from, closed.end(), is_before);
    }
};
