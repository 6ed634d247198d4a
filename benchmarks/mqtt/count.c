// Subscribes to bench/# at QoS 1 on a loopback port, counts what comes, and says how many when it is ended.
#include <mosquitto.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static volatile long count;

static void connected(struct mosquitto *m, void *o, int code) { (void)o; if (!code) mosquitto_subscribe(m, NULL, "bench/#", 1); }
static void subscribed(struct mosquitto *m, void *o, int id, int n, const int *q) {
    (void)m, (void)o, (void)id, (void)n, (void)q;
    puts("subscribed");
    fflush(stdout);
}
static void message(struct mosquitto *m, void *o, const struct mosquitto_message *x) { (void)m, (void)o, (void)x; count++; }
static void ended(int s) { (void)s; printf("%ld\n", count); fflush(stdout); _exit(0); }

int main(int words, char **word) {
    if (words != 2) return 64;
    mosquitto_lib_init();
    struct mosquitto *m = mosquitto_new("count", true, NULL);
    // The window of ours: more than the library's 20.
    mosquitto_int_option(m, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
    mosquitto_int_option(m, MOSQ_OPT_RECEIVE_MAXIMUM, 2000);
    mosquitto_connect_callback_set(m, connected);
    mosquitto_subscribe_callback_set(m, subscribed);
    mosquitto_message_callback_set(m, message);
    signal(SIGTERM, ended);
    if (mosquitto_connect(m, "127.0.0.1", atoi(word[1]), 60)) return 1;
    return mosquitto_loop_forever(m, -1, 1);
}
