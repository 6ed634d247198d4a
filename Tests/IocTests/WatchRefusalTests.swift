import Testing

@testable import ioc

@Suite("What the service refuses")
struct WatchRefusalTests {
    @Test("a filter the service refuses gives way to the one before, and the screen says why")
    func refusedFilter() {
        var state = WatchState(language: .en)
        _ = state.take(.open(isResumed: false))
        func ask(_ text: String) -> [WatchState.Effect] {
            _ = state.take(.letter("/"), page: 5)
            for _ in 0..<20 { _ = state.take(.backspace, page: 5) }
            for letter in text { _ = state.take(.letter(letter), page: 5) }
            return state.take(.enter, page: 5)
        }
        #expect(state.refuse(CommandError("gone")) == nil)
        _ = ask("hih")
        _ = ask("hihg")
        _ = state.take(list: .success([]))
        _ = state.take(list: .success([]))
        #expect(state.refuse(CommandError("ward hihg: unknown")) == [.list, .follow])
        #expect(state.filter == WatchFilter() && state.message == "ward hihg: unknown")
        _ = state.take(.open(isResumed: false))
        #expect(state.refuse(CommandError("gone")) == nil)
    }
}
