import ArgumentParser

/// At most how many rows are shown.
struct RowLimit: ExpressibleByArgument, Sendable, Equatable {
    let count: Int

    init(_ count: Int) { self.count = count }

    init?(argument: String) {
        guard let count = Int(argument), (1...10_000_000).contains(count) else { return nil }
        self.count = count
    }

    var defaultValueDescription: String { "\(count)" }

    /// Behind a list that was cut.
    func notice(_ language: Language) -> String {
        language(
            vi: "… còn nữa: chỉ hiện \(count) dòng; tăng --limit hoặc thu hẹp\n",
            en: "… there is more: only \(count) rows are shown; raise --limit or narrow it down\n")
    }
}
