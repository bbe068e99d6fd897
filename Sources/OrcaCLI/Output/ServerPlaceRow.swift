import OrcaAPI
import OrcaProtobuf
import OrcaSupport

/// Where something is that is on another server's machine.
enum ServerPlaceRow {
    static func json(_ place: OrcaV1.ServerPlace) -> JSONValue {
        [
            "id": .string(place.id), "host": .text(place.host), "lost": .bool(place.lostSince != nil),
            "lostSince": .time(place.lostSince),
        ]
    }

    /// `on build-2`, or `on build-2, lost since 2030-01-31 08:00:00 UTC`
    static func words(_ place: OrcaV1.ServerPlace) -> String {
        let name = place.host.isEmpty ? place.id : place.host
        return "on \(name)"
            + (place.lostSince.map { ", lost since \(TimeText.utc(milliseconds: $0.milliseconds)) UTC" } ?? "")
    }
}
