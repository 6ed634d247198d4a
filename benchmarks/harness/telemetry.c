// Lines of telemetry in line protocol: bare, or one recorded message of `lines` moments a line.
//   telemetry lines|messages DEVICES FIELDS ROUNDS START_MS STEP_MS LINES
// The sum of each field, in hundredths, goes to stderr.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 20260105;

static uint32_t next(void) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return (uint32_t)(state >> 33);
}

// Field 0 is a level with two decimals, 1 one with one decimal, 2 a count; further fields repeat them.
static const int unit[3] = {1, 10, 100}, low[3] = {500, 10000, 0}, high[3] = {4000, 110000, 500000};

static void step(int64_t *value, int kind) {
    // A level moves by up to two units, and every second time not at all; counts are new every time.
    if (kind == 2) *value = next() % 60 * 100;
    else if (next() & 1) *value += ((int64_t)(next() % 5) - 2) * unit[kind];
    if (*value < low[kind]) *value = low[kind];
    if (*value > high[kind]) *value = high[kind];
}

static void print(int64_t value, int kind) {
    if (kind == 0) printf("%lld.%02lld", (long long)value / 100, (long long)value % 100);
    else if (kind == 1) printf("%lld.%lld", (long long)value / 100, (long long)value / 10 % 10);
    else printf("%lld", (long long)value / 100);
}

static void line(int device, int fields, int64_t *values, int64_t *sums, int64_t time) {
    printf("site,device=d-%05d ", device);
    for (int field = 0; field < fields; field++) {
        step(&values[field], field % 3);
        sums[field] += values[field];
        printf("%sv%d=", field ? "," : "", field);
        print(values[field], field % 3);
    }
    printf(" %lld000000", (long long)time);
}

int main(int count, char **words) {
    if (count != 8) return 64;
    int wrapped = !strcmp(words[1], "messages"), devices = atoi(words[2]), fields = atoi(words[3]);
    int rounds = atoi(words[4]), lines = atoi(words[7]);
    int64_t start = atoll(words[5]), length = atoll(words[6]);
    int64_t *values = malloc(sizeof *values * devices * fields), *sums = calloc(fields, sizeof *sums);
    for (int i = 0; i < devices * fields; i++)
        values[i] = low[i % fields % 3] + next() % 1000 * (int64_t)unit[i % fields % 3];
    static char buffer[1 << 20];
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    for (int round = 0; round < rounds; round++)
        for (int device = 0; device < devices; device++) {
            // Devices do not speak in the same millisecond.
            int64_t first = start + (int64_t)round * lines * length + device % 997 * length / 997;
            if (wrapped) printf("{\"topic\":\"bench/d-%05d\",\"received_ms\":%lld,\"payload\":\"", device,
                                (long long)(first + (lines - 1) * length));
            for (int i = 0; i < lines; i++) {
                line(device, fields, values + (size_t)device * fields, sums, first + i * length);
                if (i + 1 < lines) fputs(wrapped ? "\\n" : "\n", stdout);
            }
            puts(wrapped ? "\"}" : "");
        }
    for (int field = 0; field < fields; field++) fprintf(stderr, "%lld\n", (long long)sums[field]);
    return 0;
}
