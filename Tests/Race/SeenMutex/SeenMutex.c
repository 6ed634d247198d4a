// Tells the thread sanitizer of what Swift's Mutex does when two threads want it at once.
//
// The quick path is compiled into our modules and seen. The slow one is in libswiftSynchronization, which is not
// instrumented, so that every contended lock would look like none. These functions stand before those of the library,
// call them, and say what they did: no report need be suppressed.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define SWIFT_CALL __attribute__((swiftcall))
#define SWIFT_SELF __attribute__((swift_context))

// Of <sanitizer/tsan_interface.h>.
void __tsan_acquire(void *address);
void __tsan_release(void *address);

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"

SWIFT_CALL void seen_lock(uint32_t thread, SWIFT_SELF void *mutex) __asm__(LOCK);
SWIFT_CALL void seen_unlock(SWIFT_SELF void *mutex) __asm__(UNLOCK);
SWIFT_CALL bool seen_try_lock(SWIFT_SELF void *mutex) __asm__(TRY_LOCK);

/// The library's own function.
static void *behind(const char *name) {
    void *function = dlsym(RTLD_NEXT, name);
    if (!function) {
        fprintf(stderr, "Swift's Mutex has changed: it has no %s any more\n", name);
        abort();
    }
    return function;
}

SWIFT_CALL void seen_lock(uint32_t thread, SWIFT_SELF void *mutex) {
    ((SWIFT_CALL void (*)(uint32_t, SWIFT_SELF void *))behind(LOCK))(thread, mutex);
    __tsan_acquire(mutex);
}

SWIFT_CALL void seen_unlock(SWIFT_SELF void *mutex) {
    __tsan_release(mutex);
    ((SWIFT_CALL void (*)(SWIFT_SELF void *))behind(UNLOCK))(mutex);
}

SWIFT_CALL bool seen_try_lock(SWIFT_SELF void *mutex) {
    bool isLocked = ((SWIFT_CALL bool (*)(SWIFT_SELF void *))behind(TRY_LOCK))(mutex);
    if (isLocked) __tsan_acquire(mutex);
    return isLocked;
}
