//! Names in quotes, whatever they contain.

use std::fmt;

/// A name between quotes. Those inside are doubled: a reader of quoted fields gets the name back, and one that looks for
/// the first and the last quote of a row finds its fields. What would break the row becomes a blank.
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

/// A field of comma-separated values: in quotes where it needs them.
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

/// A name as it is: the reader goes from the first quote to the last one.
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
