/// A handover as one page of HTML for A4, with nothing it would have to load and nothing that runs.
enum HandoverPage {
    static func html(_ document: HandoverDocument, _ language: Language) -> String {
        var body = "<h1>\(escape(document.title))</h1>\n"
        for line in document.lines { body += "<p>\(escape(line))</p>\n" }
        let filled = document.sections.filter { !$0.table.rows.isEmpty }
        let empty = document.sections.filter { $0.table.rows.isEmpty }.map {
            $0.title.replacing(" (0)", with: "")
        }
        for section in filled { body += self.section(section, language) }
        if !empty.isEmpty {
            body +=
                "<p class=\"none\">\(escape(language(vi: "Không có: ", en: "Nothing: ") + empty.joined(separator: ", ")))</p>\n"
        }
        let sign = [
            language(vi: "Người giao", en: "Handed over by"), language(vi: "Người nhận", en: "Taken over by"),
        ]
        body += "<div class=\"sign\">" + sign.map { "<span>\(escape($0))</span>" }.joined() + "</div>\n"
        return """
            <!DOCTYPE html>
            <html lang="\(language.rawValue)"><head><meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>\(escape(document.title))</title><style>
            \(style)</style></head><body>
            \(body)</body></html>

            """
    }

    private static func section(_ section: HandoverDocument.Section, _ language: Language) -> String {
        let heads = section.table.columns.map { "<th\(alignment($0))>\(escape($0.title))</th>" }.joined()
        let rows = section.table.rows.map { row in
            "<tr>"
                + zip(section.table.columns, row).map { column, cell in
                    "<td\(alignment(column))\(kind(cell.style))>\(escape(cell.text))</td>"
                }.joined() + "</tr>\n"
        }
        let more =
            section.more > 0
            ? "<p>" + escape(language(vi: "… còn \(section.more)", en: "… \(section.more) more")) + "</p>\n"
            : ""
        return """
            <h2>\(escape(section.title))</h2>
            <table><thead><tr>\(heads)</tr></thead><tbody>
            \(rows.joined())</tbody></table>
            \(more)
            """
    }

    private static func alignment(_ column: Table.Column) -> String {
        column.alignment == .right ? " align=\"right\"" : column.isFlexible ? "" : " class=\"short\""
    }

    private static func kind(_ style: Style) -> String {
        switch style {
        case .alarm: " style=\"font-weight:bold;color:#fff;background:#b00\""
        case .red: " style=\"font-weight:bold;color:#b00\""
        case .yellow: " style=\"color:#850\""
        case .bold: " style=\"font-weight:bold\""
        default: ""
        }
    }

    static func escape(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private static let style = """
        @page { size: A4 landscape; margin: 12mm }
        body { font: 9.5pt/1.35 "DejaVu Sans", Arial, sans-serif; color: #111; margin: 0 auto; max-width: 273mm; padding: 4mm }
        h1 { font-size: 16pt; margin: 0 0 2mm } h2 { font-size: 11.5pt; margin: 5mm 0 1mm; break-after: avoid }
        p { margin: 1mm 0 } .none { color: #555; margin-top: 4mm }
        table { border-collapse: collapse; width: 100% }
        th, td { border: 0.3pt solid #999; padding: 0.6mm 1.2mm; text-align: left; vertical-align: top; overflow-wrap: anywhere }
        th[align=right], td[align=right] { text-align: right }
        td { min-width: 16mm } td.short, td[align=right] { min-width: 0 }
        th { background: #eee; overflow-wrap: normal } .short { white-space: nowrap; overflow-wrap: normal } tr { break-inside: avoid } thead { display: table-header-group }
        .sign { display: flex; gap: 20mm; margin-top: 10mm; break-inside: avoid } .sign span { flex: 1; border-top: 0.5pt solid #111; padding-top: 1mm }
        @media print { body { padding: 0; -webkit-print-color-adjust: exact; print-color-adjust: exact } }

        """
}
