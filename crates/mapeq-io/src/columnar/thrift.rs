//! Thrift structures in the compact protocol, as far as it takes to look through those of Parquet files before the library does:
//! it takes as long to skip a list as the list claims to be long, and truths in lists take none of the bytes for it.
//!
//! <https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>

// Types of the protocol.
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

/// Deepest structure that is skipped. Those of Parquet have a depth of six.
const MAX_DEPTH: usize = 64;

/// Fields have numbers of 16 bits.
const MAX_FIELD: u64 = i16::MAX as u64;

/// What is left to read; `None` says that it is not understood.
pub(crate) struct Compact<'a>(pub &'a [u8]);

impl Compact<'_> {
    /// The type of the next field, whose number `id` becomes; `Some(None)` at the end of the structure.
    pub fn field(&mut self, id: &mut u64) -> Option<Option<u8>> {
        let head = self.byte()?;
        if head == 0 {
            return Some(None);
        }
        *id = if head >> 4 == 0 { self.natural()? } else { *id + u64::from(head >> 4) };
        (*id <= MAX_FIELD).then_some(Some(head & 15))
    }

    /// The type and the number of the elements of a list: no more than there are bytes left, as none takes less than one.
    pub fn list(&mut self) -> Option<(u8, u64)> {
        let head = self.byte()?;
        let elements = if head >> 4 == 15 { self.number()? } else { u64::from(head >> 4) };
        (elements <= self.0.len() as u64).then_some((head & 15, elements))
    }

    /// The value of a field of type `kind`, if that is of numbers and the value is not negative.
    pub fn int(&mut self, kind: u8) -> Option<u64> {
        if kind == INT { self.natural() } else { None }
    }

    /// Goes behind the value of a field of type `kind`.
    pub fn skip(&mut self, kind: u8) -> Option<()> {
        self.skip_at(kind, 0)
    }

    fn skip_at(&mut self, kind: u8, depth: usize) -> Option<()> {
        match kind {
            // The type of the field is its value.
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
                // Of truths Parquet has no lists.
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

    /// A signed number that is not negative. These alternate: 0, -1, 1, …
    fn natural(&mut self) -> Option<u64> {
        let number = self.number()?;
        number.is_multiple_of(2).then_some(number / 2)
    }

    /// An unsigned number.
    fn number(&mut self) -> Option<u64> {
        number(&mut self.0)
    }
}

/// A number in seven bits a byte, which `rest` then is behind.
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
    fn what_is_skipped_has_an_end() {
        // A list of two numbers, one of a text, a text, and what follows.
        let whole = [0x25, 2, 4, 0x18, 1, b'c', 2, b'a', b'b', 7];
        let mut rest = Compact(&whole);
        let kinds = [LIST, LIST, BINARY];
        assert!(kinds.iter().all(|&kind| rest.skip(kind).is_some()) && rest.0 == [7]);
        for length in 0..9 {
            let mut rest = Compact(&whole[..length]);
            assert!(!kinds.iter().all(|&kind| rest.skip(kind).is_some()));
        }
        // As many numbers as a number can tell, truths, and structures in structures.
        assert!(Compact(&[0xf5, 0xff, 0xff, 0xff, 0xff, 0x7f, 1, 1]).skip(LIST).is_none());
        assert!(Compact(&[0x21, 1, 2]).skip(LIST).is_none());
        assert!(Compact(&[0x1c; 1000]).skip(STRUCT).is_none());
        // A field of number 1, of -1, of 2^15.
        assert!(Compact(&[0x05, 2, 2, 0]).skip(STRUCT).is_some());
        assert!(Compact(&[0x05, 1, 2, 0]).skip(STRUCT).is_none());
        assert!(Compact(&[0x05, 0x80, 0x80, 4, 2, 0]).skip(STRUCT).is_none());
    }
}
