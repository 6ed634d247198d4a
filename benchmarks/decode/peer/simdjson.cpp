// Reads the documents of DecodeBenchmark with simdjson: the same times and values, to the same sums.
//
//     simdjson json-flat|senml-json FILE READINGS
#include <bit>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <simdjson.h>
#include <string_view>
#include <vector>

using namespace simdjson;

struct Reading {
    int64_t time;
    double value;
    uint32_t measurement;
};

/// As a good reader of a known device would: in any order of the members, fastest in the usual one.
static void read_flat(ondemand::parser &parser, padded_string_view payload, std::vector<Reading> &readings) {
    ondemand::document document = parser.iterate(payload);
    ondemand::object object = document.get_object();
    const int64_t time = object["ts"].get_int64();
    readings.push_back({time, object["level"].get_double(), 0});
    readings.push_back({time, object["temperature"].get_double(), 1});
    readings.push_back({time, object["humidity"].get_double(), 2});
}

/// RFC 8428: labels in any order, base values, the name and the unit compared with what is expected.
static void read_senml(ondemand::parser &parser, padded_string_view payload, std::vector<Reading> &readings) {
    ondemand::document document = parser.iterate(payload);
    std::string_view base_name;
    double base_time = 0;
    for (ondemand::object record : document.get_array()) {
        std::string_view name, unit;
        double time = 0, value = 0;
        bool has_value = false;
        for (auto field : record) {
            const std::string_view label = field.unescaped_key();
            ondemand::value content = field.value();
            if (label == "n") name = content.get_string();
            else if (label == "u") unit = content.get_string();
            else if (label == "t") time = content.get_double();
            else if (label == "v") { value = content.get_double(); has_value = true; }
            else if (label == "bn") base_name = content.get_string();
            else if (label == "bt") base_time = content.get_double();
        }
        if (!has_value) continue;
        if (base_name != "urn:dev:d-1:" || name != "temperature" || unit != "Cel") std::exit(2);
        readings.push_back({int64_t((base_time + time) * 1000), value, 0});
    }
}

int main(int count, char **arguments) {
    if (count != 4) return 64;
    const auto read = std::strcmp(arguments[1], "json-flat") ? read_senml : read_flat;
    const padded_string payload = padded_string::load(arguments[2]);
    ondemand::parser parser;
    std::vector<Reading> readings;
    read(parser, payload, readings);
    const size_t rounds = std::max<size_t>(1, std::strtoull(arguments[3], nullptr, 10) / readings.size());
    double sum = 0;
    const auto start = std::chrono::steady_clock::now();
    for (size_t round = 0; round < rounds; round++) {
        readings.clear();
        read(parser, payload, readings);
        sum = 0;
        for (const Reading &reading : readings) sum += reading.value;
    }
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    int64_t times = 0;
    for (const Reading &reading : readings) times += reading.time;
    std::printf("{\"readings_per_second\": %f, \"bytes_per_second\": %f, \"hash\": \"%zu %llu %lld\"}\n",
                rounds * readings.size() / seconds.count(), rounds * payload.size() / seconds.count(), readings.size(),
                (unsigned long long)std::bit_cast<uint64_t>(sum), (long long)times);
}
