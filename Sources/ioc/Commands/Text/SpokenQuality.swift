/// The word of a reading's quality as operators read it.
enum SpokenQuality {
    static func of(_ raw: String, _ language: Language) -> String {
        switch raw {
        case "good": language(vi: "tốt", en: "good")
        case "uncertain": language(vi: "không chắc", en: "uncertain")
        case "bad": language(vi: "sai", en: "bad")
        default: raw
        }
    }
}
