/// One message as libmosquitto holds it. The memory belongs to the library and is valid only during the call it is
/// passed to; not copyable so that it is not kept by accident.
package struct IncomingMessage: ~Copyable {
    /// UTF-8, not terminated.
    package let topic: UnsafeBufferPointer<UInt8>
    package let payload: UnsafeRawBufferPointer
    /// The broker's id for this delivery; 0 at QoS 0. The same id can name another message after a broker crash.
    package let packetID: UInt16
    package let qos: UInt8
    /// The broker had this stored as the topic's last value; it is not news.
    package let retained: Bool
}
