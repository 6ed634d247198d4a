#pragma once
#include <zlib.h>

// A macro with a version and a size in it, which Swift does not import.
static inline int zlib_inflate_begin(z_stream *stream, int window_bits) { return inflateInit2(stream, window_bits); }
static inline int zlib_deflate_begin(z_stream *stream, int level, int window_bits) {
    return deflateInit2(stream, level, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
}
