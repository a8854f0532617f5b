/// The element names of HTML, with what takes the place of a tag.
enum HTMLTags {
    enum Kind {
        /// Runs on in its line: nothing takes its place.
        case inline
        /// Begins a line.
        case block
        /// A cell of a table: a space.
        case cell
        /// Its content is not text: goes with the tag.
        case hidden

        var replacement: [UInt8] {
            switch self {
            case .inline: []
            case .block, .hidden: [UInt8(ascii: "\n")]
            case .cell: [UInt8(ascii: " ")]
            }
        }
    }

    static let blocks =
        """
        address article aside blockquote body br center caption dd details dialog dir div dl dt fieldset figcaption figure \
        footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li link main menu meta nav noframes \
        noscript ol optgroup option p pre section summary table tbody tfoot thead title tr ul
        """
    static let inlines =
        """
        a abbr acronym applet area audio b base basefont bdi bdo big button canvas cite code col colgroup data datalist del dfn \
        em embed font i iframe img input ins kbd label map mark marquee math meter nobr object output param picture progress q rp \
        rt ruby s samp select slot small source span strike strong sub sup svg template textarea time track tt u var video wbr
        """
    static let cells = "td th"
    static let hidden = "script style"

    private static let kinds: [[UInt8]: Kind] = {
        var kinds: [[UInt8]: Kind] = [:]
        for (names, kind) in [(blocks, Kind.block), (inlines, .inline), (cells, .cell), (hidden, .hidden)] {
            for name in names.split(separator: " ") { kinds[Array(name.utf8)] = kind }
        }
        return kinds
    }()

    /// First attributes of tags whose space got lost.
    static let attributes = ["src", "href", "class", "style", "id", "target", "title", "alt", "width", "map", "data"]

    /// Letters of the longest name with an attribute.
    static let longestName = 16

    /// The kind of an element by its name in capital or small letters; nil for a name that HTML does not know.
    static func kind(_ name: ArraySlice<UInt8>) -> Kind? { kinds[name.map(ASCIIText.small)] }
}
