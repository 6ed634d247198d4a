#pragma once
#include <mosquitto.h>
#include <mqtt_protocol.h>
// Glibc's module leaves this one out, and it is what ends a client's poll.
#include <sys/eventfd.h>
