import Store
import Telemetry

/// What became of messages, by source and domain, with their sum.
enum LossTable {
    static func table(_ losses: [LossAnswer], _ language: Language) -> Table {
        func number(_ title: String) -> Table.Column { Table.Column(title: title, alignment: .right) }
        var table = Table(columns: [
            .init(title: language(vi: "nguồn", en: "source")),
            .init(title: language(vi: "lĩnh vực", en: "domain")),
            number(language(vi: "nhận", en: "received")), number(language(vi: "lưu", en: "stored")),
            number(language(vi: "từ chối", en: "rejected")), number(language(vi: "trùng", en: "duplicate")),
            number(language(vi: "bỏ", en: "dropped")), number(language(vi: "giá trị", en: "readings")),
            number(language(vi: "trễ", en: "late")), number(language(vi: "sai", en: "bad")),
        ])
        for loss in losses { add([loss], loss.source, loss.domain, to: &table) }
        if losses.count > 1 { add(losses, language(vi: "tổng", en: "sum"), "", to: &table) }
        return table
    }

    private static func add(_ losses: [LossAnswer], _ source: String, _ domain: String, to table: inout Table)
    {
        let sum = LossCounters(losses)
        func warn(_ count: Int64) -> Style { count > 0 ? .yellow : .plain }
        table.add(
            .init(source), .init(domain), .init("\(sum.received)", sum.unaccounted == 0 ? .plain : .alarm),
            .init("\(sum.stored)"), .init("\(sum.rejected)", warn(sum.rejected)), .init("\(sum.duplicate)"),
            .init("\(sum.dropped)", sum.dropped > 0 ? .red : .plain), .init("\(sum.readings)"),
            .init("\(sum.late)", warn(sum.late)), .init("\(sum.bad)", warn(sum.bad)))
    }
}
