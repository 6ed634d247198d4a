/// A generator that is the same on every machine and in every release, as the standard library's is not.
///
/// Source: Steele et al. 2014, "Fast splittable pseudorandom number generators".
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Chance.mix(state)
    }
}

/// Chance as a function: the same keys always give the same draw, so nothing has to be remembered.
enum Chance {
    /// The finalizer of SplitMix64: every bit of the key changes about half of the bits of the result.
    static func mix(_ key: UInt64) -> UInt64 {
        var bits = key
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    static func mix(_ first: UInt64, _ second: UInt64) -> UInt64 {
        mix(first ^ mix(second &+ 0x9E37_79B9_7F4A_7C15))
    }

    static func mix(_ first: UInt64, at place: Int64) -> UInt64 { mix(first, UInt64(bitPattern: place)) }

    /// The key of a text (FNV-1a, 64 bits).
    static func key(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return mix(hash)
    }

    /// In 0..<1.
    static func unit(_ bits: UInt64) -> Double { Double(bits >> 11) * 0x1p-53 }

    /// Nearly normal with deviation 1 and never beyond ±3.5: the sum of four uniform draws, which no outlier can spoil.
    static func normal(_ bits: UInt64) -> Double {
        let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + bits >> 48
        return (Double(sum) / 65_536 - 2) * 1.732_050_807_568_877_2
    }
}
