/// A handover for a terminal or a file.
enum HandoverText {
    static func text(_ document: HandoverDocument, _ rendering: Rendering) -> String {
        var text = rendering.text([StyledLine(document.title, .bold)] + document.lines.map { StyledLine($0) })
        for section in document.sections {
            text += rendering.text([StyledLine(), StyledLine(section.title, .bold)])
            guard !section.table.rows.isEmpty else { continue }
            text += rendering.text(section.table)
            if section.more > 0 {
                text += rendering.language(vi: "… còn \(section.more)\n", en: "… \(section.more) more\n")
            }
        }
        return text
    }
}
