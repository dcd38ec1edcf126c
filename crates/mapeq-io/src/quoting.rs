//! Names and fields in quotes.

use std::fmt;

/// Displays a name in quotes, on one line. Quotes inside are doubled and line breaks become blanks.
///
/// Readers of quoted fields restore the name. Readers that search for the first and the last quote
/// of a row also find its fields.
pub(crate) struct InQuotes<'a>(pub(crate) &'a str);

impl fmt::Display for InQuotes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        let mut rest = self.0;
        while let Some(place) = rest.find(['"', '\n', '\r']) {
            f.write_str(&rest[..place])?;
            f.write_str(if rest.as_bytes()[place] == b'"' { "\"\"" } else { " " })?;
            rest = &rest[place + 1..];
        }
        f.write_str(rest)?;
        f.write_str("\"")
    }
}

/// Displays a field of comma-separated values, in quotes if necessary.
pub(crate) struct CsvField<'a>(pub(crate) &'a str);

impl fmt::Display for CsvField<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = |c: char| !matches!(c, '"' | ',' | '\n' | '\r' | ' ' | ';' | '\t');
        if !self.0.is_empty() && self.0.chars().all(plain) {
            f.write_str(self.0)
        } else {
            write!(f, "\"{}\"", self.0.replace('"', "\"\""))
        }
    }
}

/// Replaces line breaks by blanks. Quotes stay, because readers take a name from the first quote to
/// the last.
pub(crate) fn on_one_line(name: &str) -> String {
    name.replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_field() {
        assert_eq!(InQuotes("A").to_string(), r#""A""#);
        assert_eq!(InQuotes("a \"x\" b\n").to_string(), r#""a ""x"" b ""#);
        assert_eq!(CsvField("7").to_string(), "7");
        assert_eq!(CsvField("a,\"b\"").to_string(), r#""a,""b""""#);
    }
}
