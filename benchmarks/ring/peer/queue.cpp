// The work of RingBenchmark.swift with the queues a C++ programmer would take. QUEUE says which: 0 boost, 1 moodycamel.
//
//     queue alone|aggregate SERIES READINGS YIELDS
#include "aggregator.hpp"
#include <bit>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <sched.h>
#include <thread>
#if QUEUE == 0
#include <boost/lockfree/spsc_queue.hpp>
#else
#include <concurrentqueue/concurrentqueue.h>
#endif

constexpr size_t capacity = 65536;

/// Makes the readings of a message where the queue puts them, as ours does. An array of them, copied right after it was written,
/// is read in larger pieces than it was written in, and halved the rate of both queues.
class Maker {
    const City::Message *message;
    size_t at;

public:
    using iterator_category = std::random_access_iterator_tag;
    using value_type = Reading;
    using difference_type = std::ptrdiff_t;
    using pointer = const Reading *;
    using reference = Reading;

    Maker(const City::Message &message, size_t at) : message(&message), at(at) {}
    Reading operator*() const { return (*message)[at]; }
    Maker &operator++() { ++at; return *this; }
    Maker operator++(int) { Maker old = *this; ++at; return old; }
    Maker operator+(std::ptrdiff_t n) const { return Maker(*message, at + n); }
    Maker &operator+=(std::ptrdiff_t n) { at += n; return *this; }
    std::ptrdiff_t operator-(const Maker &other) const { return std::ptrdiff_t(at) - std::ptrdiff_t(other.at); }
    bool operator==(const Maker &other) const { return at == other.at; }
    bool operator!=(const Maker &other) const { return at != other.at; }
};

#if QUEUE == 0
class Queue {
    boost::lockfree::spsc_queue<Reading, boost::lockfree::capacity<capacity>> queue;

public:
    bool push(const City::Message &message, size_t count) {
        if (queue.write_available() < count) return false;
        queue.push(Maker(message, 0), Maker(message, count));
        return true;
    }
    template <class Body> size_t take(Body body) { return queue.consume_all(body); }
};
#else
class Queue {
    moodycamel::ConcurrentQueue<Reading> queue{capacity};
    moodycamel::ProducerToken producer{queue};
    Reading batch[1024];

public:
    bool push(const City::Message &message, size_t count) { return queue.try_enqueue_bulk(producer, Maker(message, 0), count); }
    template <class Body> size_t take(Body body) {
        const size_t count = queue.try_dequeue_bulk_from_producer(producer, batch, std::size(batch));
        for (size_t i = 0; i < count; i++) body(batch[i]);
        return count;
    }
};
#endif

static void produce(Queue &queue, City city, size_t readings) {
    for (size_t sent = 0; sent < readings; sent += City::measurements) {
        const City::Message message = city.next();
        while (!queue.push(message, City::measurements)) sched_yield();
    }
}

struct Summing {
    uint64_t hash = 0;
    void operator()(const Reading &reading) {
        hash = ((hash + std::bit_cast<uint64_t>(reading.value)) ^ uint64_t(reading.time)) + reading.series;
    }
    uint64_t finish() { return hash; }
};

/// The trace of Consumers.swift.
static uint64_t trace(const Rollup &rollup) {
    uint64_t trace = uint64_t(rollup.series) << 2 | uint64_t(rollup.tier);
    const auto mix = [&](uint64_t part) { trace = (trace ^ part) * 0x9E3779B97F4A7C15 + (part >> 32); };
    mix(uint64_t(rollup.window.start));
    mix(uint64_t(rollup.window.count));
    mix(std::bit_cast<uint64_t>(rollup.window.minimum));
    mix(std::bit_cast<uint64_t>(rollup.window.maximum));
    mix(std::bit_cast<uint64_t>(rollup.window.sum));
    mix(std::bit_cast<uint64_t>(rollup.window.sum_of_squares));
    mix(uint64_t(rollup.window.first_time));
    mix(std::bit_cast<uint64_t>(rollup.window.first));
    mix(uint64_t(rollup.window.last_time));
    mix(std::bit_cast<uint64_t>(rollup.window.last));
    return trace;
}

struct Aggregating {
    Aggregator aggregator;
    uint64_t hash = 0;
    size_t until_close, until_next_close;
    int64_t next_end = City::start + City::minute;

    Aggregating(uint32_t series, const City &city)
        : aggregator(series), until_close(city.until_first_close()), until_next_close(city.until_next_close()) {}
    void operator()(const Reading &reading) {
        aggregator.add(reading);
        if (--until_close) [[likely]] return;
        close(next_end);
        next_end += City::minute;
        until_close = until_next_close;
    }
    uint64_t finish() {
        close(next_end + 2 * 86400000);
        return hash;
    }
    void close(int64_t end) {
        for (const Rollup &rollup : aggregator.close(end)) hash += trace(rollup);
    }
};

template <class Consumer> static void run(Consumer &&consumer, const City &city, size_t readings, int yields) {
    const auto queue = std::make_unique<Queue>();
    const auto start = std::chrono::steady_clock::now();
    std::thread producer([&] { produce(*queue, city, readings); });
    for (size_t taken = 0; taken < readings;) {
        const size_t more = queue->take([&](const Reading &reading) { consumer(reading); });
        if (!more) for (int i = 0; i < yields; i++) sched_yield();
        taken += more;
    }
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    producer.join();
    std::printf("{\"readings_per_second\": %f, \"hash\": \"%llu\"}\n", readings / seconds.count(),
                (unsigned long long)consumer.finish());
}

int main(int count, char **arguments) {
    if (count != 5) return 64;
    const uint32_t series = uint32_t(std::atoi(arguments[2]));
    const size_t readings = size_t(std::atoll(arguments[3]));
    const int yields = std::atoi(arguments[4]);
    const City city(series);
    if (!std::strcmp(arguments[1], "alone")) run(Summing{}, city, readings, yields);
    else run(Aggregating(series, city), city, readings, yields);
}
