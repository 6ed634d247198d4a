#pragma once

/// Asks for the cache line at an address that will be written, without waiting for it. Any address will do: of one that is not there
/// nothing comes of it. Swift has no word for the instruction.
static inline void prefetch_for_writing(const void *address) { __builtin_prefetch(address, 1, 3); }
