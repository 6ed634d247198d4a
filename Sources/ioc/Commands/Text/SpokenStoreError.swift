import Store

extension StoreError {
    /// Why a command cannot read, in the operator's language; what only the service meets is in English.
    func spoken(_ language: Language) -> String {
        switch self {
        case .missing(let path):
            language(
                vi:
                    "\(path): không có cơ sở dữ liệu; chạy `ioc run` một lần, hoặc chỉ thư mục bằng --data-dir",
                en: description)
        case .newerVersion(let path):
            language(
                vi:
                    "\(path): do phiên bản ioc mới hơn ghi; cài phiên bản đó, hoặc chỉ thư mục khác bằng --data-dir",
                en: description)
        case .olderVersion(let path):
            language(
                vi:
                    "\(path): do phiên bản ioc cũ hơn ghi; chạy `ioc run` của phiên bản này một lần để chuyển sang",
                en: description)
        case .corrupt(let path, let reason):
            language(
                vi: "\(path): cơ sở dữ liệu hỏng (\(reason)); khôi phục bản sao lưu hoặc dời nó đi",
                en: description)
        default: description
        }
    }
}
