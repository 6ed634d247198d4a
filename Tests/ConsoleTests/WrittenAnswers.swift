import Store

// What clients read of answers that the store writes as bytes.

struct SeriesListAnswer: Decodable {
    var series: [SeriesAnswer]
}

struct RollupsAnswer: Decodable {
    var tier: String
    var fromMs: Int64
    var toMs: Int64
    var rollups: [RollupAnswer]
    var truncated: Bool
}
