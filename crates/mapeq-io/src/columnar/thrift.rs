//! Thrift structures in the compact protocol, as far as needed to check those of Parquet files.
//!
//! The library needs this check because it skips a list element by element, and booleans in lists
//! take no bytes: a short file can declare a list of any length.
//!
//! <https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>

// Type codes of the protocol.
const TRUE: u8 = 1;
const FALSE: u8 = 2;
const BYTE: u8 = 3;
const SHORT: u8 = 4;
pub(crate) const INT: u8 = 5;
const LONG: u8 = 6;
const DOUBLE: u8 = 7;
const BINARY: u8 = 8;
pub(crate) const LIST: u8 = 9;
pub(crate) const STRUCT: u8 = 12;

/// Maximum depth of a skipped structure. Those of Parquet have a depth of six.
const MAX_DEPTH: usize = 64;

/// Largest field number, of 16 bits.
const MAX_FIELD: u64 = i16::MAX as u64;

/// The remaining bytes. Methods return `None` if these are invalid.
pub(crate) struct Compact<'a>(pub &'a [u8]);

impl Compact<'_> {
    /// Reads the type of the next field and stores its number in `id`. Returns `Some(None)` at the
    /// end of the structure.
    pub fn field(&mut self, id: &mut u64) -> Option<Option<u8>> {
        let head = self.byte()?;
        if head == 0 {
            return Some(None);
        }
        *id = if head >> 4 == 0 { self.natural()? } else { *id + u64::from(head >> 4) };
        (*id <= MAX_FIELD).then_some(Some(head & 15))
    }

    /// Reads the type and the number of the elements of a list. Elements take at least one byte
    /// each, so the number is at most that of the remaining bytes.
    pub fn list(&mut self) -> Option<(u8, u64)> {
        let head = self.byte()?;
        let elements = if head >> 4 == 15 { self.number()? } else { u64::from(head >> 4) };
        (elements <= self.0.len() as u64).then_some((head & 15, elements))
    }

    /// Reads the value of a field of type `kind`, which must be a number >= 0.
    pub fn int(&mut self, kind: u8) -> Option<u64> {
        if kind == INT { self.natural() } else { None }
    }

    /// Skips the value of a field of type `kind`.
    pub fn skip(&mut self, kind: u8) -> Option<()> {
        self.skip_at(kind, 0)
    }

    fn skip_at(&mut self, kind: u8, depth: usize) -> Option<()> {
        match kind {
            // The type of a boolean field is its value.
            TRUE | FALSE => {}
            BYTE => self.skip_bytes(1)?,
            SHORT..=LONG => drop(self.number()?),
            DOUBLE => self.skip_bytes(8)?,
            BINARY => {
                let length = self.number()?;
                self.skip_bytes(usize::try_from(length).ok()?)?;
            }
            LIST if depth < MAX_DEPTH => {
                let (kind, elements) = self.list()?;
                // Parquet has no lists of booleans.
                if kind == TRUE || kind == FALSE {
                    return None;
                }
                for _ in 0..elements {
                    self.skip_at(kind, depth + 1)?;
                }
            }
            STRUCT if depth < MAX_DEPTH => {
                let mut id = 0;
                while let Some(kind) = self.field(&mut id)? {
                    self.skip_at(kind, depth + 1)?;
                }
            }
            _ => return None,
        }
        Some(())
    }

    fn skip_bytes(&mut self, count: usize) -> Option<()> {
        self.0 = self.0.get(count..)?;
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(byte)
    }

    /// Reads a signed number, which must not be negative. The encoding alternates: 0, -1, 1, …
    fn natural(&mut self) -> Option<u64> {
        let number = self.number()?;
        number.is_multiple_of(2).then_some(number / 2)
    }

    /// Reads an unsigned number.
    fn number(&mut self) -> Option<u64> {
        number(&mut self.0)
    }
}

/// Reads a number of seven bits per byte and removes it from `rest`.
pub(crate) fn number(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, more) = rest.split_first()?;
        *rest = more;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skipped_values_end() {
        // A list of two numbers, a list of a text, a text, and one more byte.
        let whole = [0x25, 2, 4, 0x18, 1, b'c', 2, b'a', b'b', 7];
        let mut rest = Compact(&whole);
        let kinds = [LIST, LIST, BINARY];
        assert!(kinds.iter().all(|&kind| rest.skip(kind).is_some()) && rest.0 == [7]);
        for length in 0..9 {
            let mut rest = Compact(&whole[..length]);
            assert!(!kinds.iter().all(|&kind| rest.skip(kind).is_some()));
        }
        // A list that is too long, a list of booleans, and structures nested too deeply.
        assert!(Compact(&[0xf5, 0xff, 0xff, 0xff, 0xff, 0x7f, 1, 1]).skip(LIST).is_none());
        assert!(Compact(&[0x21, 1, 2]).skip(LIST).is_none());
        assert!(Compact(&[0x1c; 1000]).skip(STRUCT).is_none());
        // Fields number 1, -1 and 2^15.
        assert!(Compact(&[0x05, 2, 2, 0]).skip(STRUCT).is_some());
        assert!(Compact(&[0x05, 1, 2, 0]).skip(STRUCT).is_none());
        assert!(Compact(&[0x05, 0x80, 0x80, 4, 2, 0]).skip(STRUCT).is_none());
    }
}
