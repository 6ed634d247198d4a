/// Something that an operator named wrongly, said in both languages.
package protocol OperatorFault: Error {
    var sentence: Title { get }
}
